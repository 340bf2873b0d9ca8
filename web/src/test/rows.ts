/** How the pretend server shows conversations: as rows, whole, in views, counted. */
import type { Candidate, Conversation, Request as Asked, Row, View } from "../api/types";
import { intents, topics } from "./acme";
import type { Call } from "./call";
import { waitsOf } from "./asked";
import type { Pretend } from "./pretend";

/** What may be done, from the state things are in. */
function canDo(h: Pretend, c: Row): string[] {
  const me = h.me;
  if (me.role === "viewer") {
    return [];
  }
  const mine = c.owner.person?.id === me.id;
  const closed = c.state === "closed";
  return [
    "reply", "note", "promise", ...(closed ? [] : ["ask"]), "handover", "tag", "intent", "correct",
    ...(mine ? ["release"] : ["claim"]),
    ...(closed ? ["reopen"] : ["close", "answered"]),
    ...(c.state === "snoozed" ? ["wake"] : closed ? [] : ["snooze"]),
    ...(c.setAside ? ["unaside"] : closed ? [] : ["aside"]),
  ]; // prettier-ignore
}

export function rowOf(h: Pretend, c: Conversation): Row {
  const {
    timeline,
    contactIdentities,
    decision,
    assessment,
    topics: on,
    suggestions,
    deliveries,
    requests,
    promises,
    inMail,
    others,
    replyAs,
    viewers,
    ...row
  } = c;
  void [
    timeline,
    contactIdentities,
    decision,
    assessment,
    on,
    suggestions,
    deliveries,
    inMail,
    others,
    replyAs,
    viewers,
  ];
  const open = requests.filter((r) => r.state === "open");
  const due = open.filter((r) => isAsked(h, r)).map((r) => r.due).sort()[0]; // prettier-ignore
  return {
    ...row,
    can: canDo(h, c),
    asked: open.length,
    waitsFor: waitsOf(c, (r) => isAsked(h, r)),
    ...(due ? { askedDue: due } : {}),
    ...promised(promises),
  };
}

/** What a row says of promises. */
function promised(list: Conversation["promises"]): Pick<Row, "promised" | "promisedMine" | "promisedDue"> {
  const dues = list.filter((p) => p.state === "open").map((p) => p.due).sort(); // prettier-ignore
  return { promised: dues.length, promisedMine: dues.length > 0, ...(dues[0] ? { promisedDue: dues[0] } : {}) };
}

export function fullOf(h: Pretend, c: Conversation): Conversation {
  const others = [...h.conversations.values()].filter(
    (o) => o !== c && o.contact.name.split(" ")[0] === c.contact.name.split(" ")[0],
  );
  const locked = h.me.role === "viewer";
  const held = h.me.role === "contributor" || h.me.role === "agency";
  return {
    ...c,
    ...promised(c.promises),
    can: canDo(h, c),
    requests: c.requests.map((r) => requestOf(h, r)),
    others: others.slice(0, 5).map((o) => rowOf(h, o)),
    ...(locked || !c.replyAs ? { replyAs: undefined } : { replyAs: { ...c.replyAs, held } }),
  };
}

/** Whether it is asked of who is signed in, or of a department of theirs. */
function isAsked(h: Pretend, r: Asked): boolean {
  const me = h.me;
  return r.person?.id === me.id || me.departments.some((d) => d.id === r.department.id);
}

export function requestOf(h: Pretend, r: Asked): Asked {
  const mine = isAsked(h, r);
  return { ...r, mine, can: r.state === "open" ? ["answer", ...(mine ? [] : ["withdraw"])] : [] };
}

function inView(h: Pretend, c: Conversation, view: View): boolean {
  const me = h.me;
  switch (view) {
    case "mine":
      return !c.setAside && c.owner.person?.id === me.id;
    case "department":
      return !c.setAside && me.departments.some((d) => d.id === c.owner.department.id);
    case "unowned":
      return !c.setAside && !c.owner.person;
    case "aside":
      return c.setAside;
    case "asked":
      return c.requests.some((r) => r.state === "open" && isAsked(h, r));
    case "promised":
      return c.promises.some((p) => p.state === "open");
    default:
      return !c.setAside;
  }
}

function listed(h: Pretend, { query }: Call): { items: Row[]; next: string } {
  const view = (query.get("view") ?? "mine") as View;
  const state = query.get("state") ?? "open";
  const is = (name: string, of: (c: Conversation) => string[]) => {
    const wanted = query.get(name);
    return (c: Conversation) => !wanted || of(c).includes(wanted);
  };
  const tests = [
    is("department", (c) => [c.owner.department.id]),
    is("account", (c) => [c.account.id]),
    is("intent", (c) => c.intents),
    is("tag", (c) => c.tags),
  ];
  const words = (query.get("q") ?? "").toLowerCase();
  const all = [...h.conversations.values()]
    .filter(
      (c) =>
        inView(h, c, view) &&
        (view === "aside" || view === "asked" || view === "promised" || state === "any" || c.state === state) &&
        tests.every((t) => t(c)),
    )
    .filter(
      (c) =>
        !words ||
        (c.contact.name + c.contact.handle + c.subject + c.timeline.map((e) => e.text).join(" "))
          .toLowerCase()
          .includes(words),
    );
  all.sort(
    query.get("sort") === "clock"
      ? (a, b) => (a.clock?.due ?? "9").localeCompare(b.clock?.due ?? "9")
      : (a, b) => b.lastAt.localeCompare(a.lastAt),
  );
  const from = Number(query.get("after") ?? 0);
  const limit = Number(query.get("limit") ?? 50);
  return {
    items: all.slice(from, from + limit).map((c) => rowOf(h, c)),
    next: from + limit < all.length ? String(from + limit) : "",
  };
}

export function counts(h: Pretend) {
  const open = [...h.conversations.values()].filter((c) => c.state === "open");
  const n = (view: View) => open.filter((c) => inView(h, c, view)).length;
  const byDepartment: Record<string, number> = {};
  open
    .filter((c) => !c.setAside)
    .forEach((c) => (byDepartment[c.owner.department.id] = (byDepartment[c.owner.department.id] ?? 0) + 1));
  return {
    mine: n("mine"),
    department: n("department"),
    unowned: n("unowned"),
    all: n("all"),
    asked: n("asked"),
    promised: n("promised"),
    aside: [...h.conversations.values()].filter((c) => c.setAside).length,
    byDepartment,
  };
}

function candidates(h: Pretend, { query }: Call): { items: Candidate[] } {
  const words = (query.get("q") ?? "").toLowerCase();
  const c = h.conversations.get(query.get("conversation") ?? "");
  const text = c
    ? c.timeline
        .map((e) => e.text)
        .join(" ")
        .toLowerCase()
    : "";
  const staffed = h.people
    .filter((p) => p.role !== "viewer" && p.role !== "agency")
    .map((p): Candidate => {
      const known = p.skills.filter(
        (s) => text.includes(s.slice(0, 5).toLowerCase()) || (words && s.toLowerCase().includes(words)),
      );
      const score =
        known.length * 0.3 +
        (p.presence === "here" ? 0.2 : 0) +
        (c && p.departments[0]?.id === c.owner.department.id ? 0.2 : 0);
      const reasons = [
        known.length ? `knows ${known.join(", ")}` : p.departments[0]!.name,
        p.presence === "here" ? `${p.load} of ${p.capacity} open` : "away until Monday",
      ];
      return {
        department: p.departments[0]!,
        person: { id: p.id, name: p.name },
        reasons,
        score,
        working: p.working,
        load: p.load,
      };
    })
    .filter(
      (x) => !words || `${x.person!.name} ${x.department.name} ${x.reasons.join(" ")}`.toLowerCase().includes(words),
    );
  const queues = h.departments
    .map((d): Candidate => ({
      department: { id: d.id, name: d.name },
      reasons: [d.summary],
      score: 0.15,
      working: true,
      load: d.waiting,
    }))
    .filter((x) => !words || `${x.department.name} ${x.reasons.join(" ")}`.toLowerCase().includes(words));
  return { items: [...staffed, ...queues].sort((a, b) => b.score - a.score).slice(0, 12) };
}

/** Reading conversations, and what one chooses from while working on them. */
export function readingRoutes(h: Pretend): void {
  h.on("GET", "conversations", (call) => listed(h, call));
  h.on("GET", "counts", () => counts(h));
  h.on("GET", "topics", () => ({ items: topics, next: "" }));
  h.on("GET", "topics/suggestions", () => ({ items: [], next: "" }));
  h.on("GET", "conversations/:/similar", () => ({ items: [], next: "" }));
  h.on("GET", "intents", () => ({ items: intents, next: "" }));
  h.on("GET", "candidates", (call) => candidates(h, call));
  h.on("GET", "conversations/:", ({ path }) => fullOf(h, h.conversation(path[1])));
  h.on("POST", "conversations/:/read", ({ path }) => void (h.conversation(path[1]).unread = false));
}
