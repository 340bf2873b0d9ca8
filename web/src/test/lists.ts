import type { BulkForm, BulkResult, Conversation, Row, SavedView, ViewFilter } from "../api/types";
import type { On } from "./call";

/** What the pretend server lends for lists, many at once, threads and the board. */
export interface Lent {
  on: On;
  conversations: Map<string, Conversation>;
  row: (c: Conversation) => Row;
  tell: (what: string, conversation?: string) => void;
  me: () => { id: string; name: string };
  refuse: (status: number, detail: string) => never;
}

/** The lists people keep, deeds to many, the post that several write under, and the board. */
export function lists({ on, conversations, row, tell, me, refuse }: Lent): void {
  let views: SavedView[] = [];
  const undoable = new Map<string, { what: string; events: number; was: Partial<Conversation> }>();
  const view = (id: string | undefined) => views.find((v) => v.id === id) ?? refuse(404, "There is no such list.");
  on("GET", "views", () => ({ items: views, next: "" }));
  on("GET", "views/counts", () => ({
    counts: Object.fromEntries(views.map((v) => [v.id, { n: 3, exact: true }])),
    at: "2026-11-21T09:00:00Z",
  }));
  on("POST", "views", ({ body }) => {
    const v: SavedView = {
      id: `viw_${views.length + 1}`, name: String(body["name"]), audience: (body["audience"] as SavedView["audience"]) ?? "me", by: me(),
      filter: body["filter"] as ViewFilter, can: ["change", "remove"],
    }; // prettier-ignore
    views = [...views, v];
    tell("view changed");
    return v;
  });
  on("PUT", "views/order", ({ body }) => {
    views = (body["views"] as string[]).map(view);
  });
  on("PATCH", "views/:", ({ path, body }) => Object.assign(view(path[1]), body));
  on("DELETE", "views/:", ({ path }) => {
    views = views.filter((v) => v.id !== path[1]);
  });
  on("POST", "conversations/bulk", ({ body }) => {
    const { do: what, of, items, tag } = body as unknown as BulkForm;
    const one = ({ id, tags }: BulkForm["items"][number]): BulkResult => {
      const c = conversations.get(id);
      if (!c || !row(c).can.includes("tag")) {
        return { id, done: false, why: "There is no such conversation, or it is not for your eyes." };
      }
      const last = undoable.get(id);
      if (what === "undo") {
        if (!last || last.what !== of || c.timeline.length !== last.events) {
          return { id, done: false, why: "Something has happened in it since." };
        }
        Object.assign(c, last.was);
        tell(what, id);
        return { id, done: true };
      }
      const same = what === c.state.replace("closed", "close").replace("open", "reopen");
      undoable.set(id, { what, events: c.timeline.length, was: { state: c.state } });
      const before = { state: c.state, setAside: c.setAside, owner: c.owner, tags: c.tags, unread: c.unread };
      if (what === "close" || what === "reopen") {
        c.state = what === "close" ? "closed" : "open";
      } else if (what === "tag" && tag) {
        c.tags = [...c.tags, tag];
      } else if (what === "tags") {
        c.tags = tags ?? [];
      } else if (what === "read" || what === "unread") {
        c.unread = what === "unread";
      }
      tell(what, id);
      return { id, done: true, before, ...(same ? { same } : {}) };
    };
    return { items: items.map(one), next: "" };
  });
  on("GET", "threads", ({ query }) => {
    const items = [...conversations.values()].filter(
      (c) => c.account.id === query.get("account") && c.thread === query.get("thread"),
    );
    const first = items[0] ?? refuse(404, "There is no such post, or nothing under it is for your eyes.");
    return {
      account: first.account, thread: first.thread, people: items.length, waiting: items.filter((c) => c.state === "open").length,
      post: { ours: true, text: "Our new rocket skates are here.", at: first.openedAt }, items: items.map(row), next: "",
    }; // prettier-ignore
  });
  on("GET", "board", () => {
    const open = [...conversations.values()].filter((c) => c.state === "open");
    const late = open.filter((c) => c.clock?.state === "breached").length;
    const load = {
      open: open.length,
      unowned: open.filter((c) => !c.owner.person).length,
      soon: 1,
      late,
      oldest: open[0]?.lastAt,
    };
    return {
      at: open[0]?.lastAt ?? "", total: load, departments: [{ id: "dep_service01", name: "Customer service", ...load }],
      people: [{ ...me(), departments: [], here: true, capacity: 20, open: 4, soon: 0, late: 0 }],
      today: { seconds: 1500, n: 12 }, lastWeek: { seconds: 2400, n: 80 }, incidents: [incident(open)],
    }; // prettier-ignore
  });
  on("GET", "incidents", () => ({ items: [], next: "" }));
  const incident = (open: Conversation[]) => ({
    id: "inc_1", kind: "word", what: "skates", open: true, startedAt: open[0]?.lastAt ?? "", lastAt: open[0]?.lastAt ?? "", seen: 12, usual: 1,
    conversations: open.length, waiting: open.length, can: ["take", "end"],
  }); // prettier-ignore
  on("GET", "incidents/:", () => {
    const open = [...conversations.values()].filter((c) => c.state === "open").slice(0, 3);
    return { ...incident(open), items: open.map(row) };
  });
}
