import type { ConversationFilter, Sort, State, View } from "@/api/types";

/** What the inbox keeps in its address: so that it can be sent to a colleague, and the way back works. */
export interface InboxSearch {
  state?: State | "any";
  sort?: Sort;
  department?: string;
  account?: string;
  intent?: string;
  tag?: string;
  q?: string;
}

const states: InboxSearch["state"][] = ["open", "waiting", "snoozed", "closed", "any"];
const views: View[] = ["mine", "department", "unowned", "all", "asked", "promised", "aside"];

export function readInboxSearch(search: Record<string, unknown>): InboxSearch {
  const out: InboxSearch = {};
  const { state, sort } = search;
  if (states.includes(state as State)) {
    out.state = state as State | "any";
  }
  if (sort === "clock" || sort === "newest") {
    out.sort = sort;
  }
  for (const name of ["department", "account", "intent", "tag", "q"] as const) {
    const value = search[name];
    if ((typeof value === "string" && value) || typeof value === "number") {
      out[name] = String(value);
    }
  }
  return out;
}

/** The whole filter: what the address leaves out is as people mostly want it. */
export function filterOf(view: string, search: InboxSearch): ConversationFilter {
  const filter: ConversationFilter = {
    state: "open",
    sort: "newest",
    ...search,
    view: views.includes(view as View) ? (view as View) : "mine",
  };
  return filter.state === "any" && !filter.q ? { ...filter, state: "open" } : filter;
}

/** The address of a changed filter, without what is as always. */
export function searchOf(filter: Partial<ConversationFilter>): InboxSearch {
  const { state, sort, department, account, intent, tag, q } = filter;
  return {
    ...(state && state !== "open" ? { state } : {}),
    ...(sort && sort !== "newest" ? { sort } : {}),
    ...(department ? { department } : {}),
    ...(account ? { account } : {}),
    ...(intent ? { intent } : {}),
    ...(tag ? { tag } : {}),
    ...(q ? { q } : {}),
  };
}
