import type { SearchFilter } from "@/api/queries";
import { type ConversationFilter, narrowing, type SavedView, type Sort, type State, type View } from "@/api/types";

/** What the inbox keeps in its address: so that it can be sent to a colleague, and the way back works. */
export type InboxSearch = Partial<Omit<ConversationFilter, "view">> & {
  /** The saved list that is shown. */
  list?: string;
};

/** Where a saved list is: its filters, and which list it is, for its name. */
export function savedSearch(v: SavedView): InboxSearch {
  return { ...searchOf(v.filter), list: v.id };
}

const sorts: Sort[] = ["newest", "oldest", "clock", "priority"];
const states: InboxSearch["state"][] = ["open", "waiting", "snoozed", "closed", "any"];
const views: View[] = ["mine", "department", "unowned", "all", "asked", "promised", "aside"];

export function readInboxSearch(search: Record<string, unknown>): InboxSearch {
  const out: InboxSearch = {};
  const { state, sort, list } = search;
  if (typeof list === "string" && list) {
    out.list = list;
  }
  if (states.includes(state as State)) {
    out.state = state as State | "any";
  }
  if (sorts.includes(sort as Sort)) {
    out.sort = sort as Sort;
  }
  for (const name of [...narrowing, "q"] as const) {
    const value = search[name];
    if (name === "unread" || name === "asked") {
      if (value === true || value === "true") {
        out[name] = true;
      }
    } else if (name === "days") {
      if (Number(value) > 0) {
        out.days = Math.min(3650, Math.floor(Number(value)));
      }
    } else if (name === "urgency") {
      if (value === "now" || value === "today" || value === "normal") {
        out.urgency = value;
      }
    } else if ((typeof value === "string" && value) || typeof value === "number") {
      out[name] = String(value);
    }
  }
  return out;
}

/** The whole filter: what the address leaves out is as people mostly want it. */
export function filterOf(view: string, search: InboxSearch): ConversationFilter {
  const { list, ...rest } = search;
  void list; // which list it is says nothing of what is in it
  const filter: ConversationFilter = {
    state: "open",
    sort: "newest",
    ...rest,
    view: views.includes(view as View) ? (view as View) : "mine",
  };
  return filter.state === "any" && !filter.q ? { ...filter, state: "open" } : filter;
}

/** The address of a changed filter, without what is as always. */
export function searchOf(filter: Partial<ConversationFilter>): InboxSearch {
  const { state, sort, q } = filter;
  const out: Record<string, unknown> = {
    ...(state && state !== "open" ? { state } : {}),
    ...(sort && sort !== "newest" ? { sort } : {}),
    ...(q ? { q } : {}),
  };
  narrowing.forEach((name) => {
    if (filter[name]) {
      out[name] = filter[name];
    }
  });
  return out;
}

/** What the page of the search keeps in its address. */
export function readSearch(found: Record<string, unknown>): SearchFilter {
  const out: SearchFilter = {
    q: typeof found["q"] === "string" || typeof found["q"] === "number" ? String(found["q"]) : "",
  };
  for (const name of ["account", "contact", "since", "until"] as const) {
    if (typeof found[name] === "string" && found[name]) {
      out[name] = found[name];
    }
  }
  for (const name of ["mine", "file"] as const) {
    if (found[name] === true) {
      out[name] = true;
    }
  }
  if (found["only"] === "message" || found["only"] === "note") {
    out.only = found["only"];
  }
  if (states.includes(found["state"] as State) && found["state"] !== "any") {
    out.state = found["state"] as State;
  }
  return out;
}
