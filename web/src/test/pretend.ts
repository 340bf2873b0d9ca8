/**
 * A pretend server: the API of Switchboard in memory, with ACME in it. Tests hand its `fetch` to the page, and
 * `npm run dev` serves it, so that the screens can be worked on without the program. It keeps the rules a screen can
 * notice (409 when somebody answered meanwhile, who may do what, undo) and nothing else.
 */
import type {
  Advice,
  AdviceForm,
  AdviceTrial,
  Account,
  Candidate,
  Conversation,
  Delivery,
  Department,
  Entry,
  Me,
  MessageEntry,
  NewPost,
  NewReply,
  OutgoingDelivery,
  Owner,
  Person,
  ProblemBody,
  Request as Asked,
  Row,
  Session,
  View,
} from "../api/types";
import { accountRefs, accounts, channels, departmentRefs, departments, hour, intents, minute, people, type Seed, seeds, templates, topics, week } from "./acme"; // prettier-ignore
import { scoreboard, verdict } from "./insight";
import { aQuestion, endQuestion, noMail, setMail, tryMail, waitsOf, way } from "./asked";
import { byItself, PretendWriting } from "./pretendWriting";
import { PretendBell } from "./notifications";
import { pretendEnd, pretendFigures, pretendFind, pretendListed, pretendPromise } from "./promises";
import { lists } from "./lists";

/** What the live feed says of a change: ids, never text. */
interface LiveEntry {
  what: string;
  conversation?: string;
  about?: string;
  at: string;
  seq: number;
}

/** An answer other than 200. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(body.detail);
  }
}

function refuse(status: number, detail: string, errors?: ProblemBody["errors"]): never {
  throw new Refused(status, { status, title: detail, detail, ...(errors ? { errors } : {}) });
}

interface Call {
  path: string[];
  query: URLSearchParams;
  body: Record<string, unknown>;
  header: Headers;
}
type Handler = (call: Call) => unknown;

export interface PretendOptions {
  /** Who is signed in, by id; none when absent. */
  as?: string | undefined;
  demo?: boolean;
  needsSetup?: boolean;
  now?: () => number;
  /** Made-up conversations beyond the twenty told by hand. */
  more?: number;
  /** Every account works as it should. */
  healthy?: boolean;
  /** How many conversations the scoreboard knows of that were dealt with. */
  settled?: number;
}

export class Pretend {
  readonly people: Person[] = people();
  readonly departments: Department[];
  readonly houseMail = noMail();
  readonly question = aQuestion();
  readonly advice: Advice = {
    on: false, address: "", model: "", seconds: 8, calls: 500, tokens: 500_000, languages: [], departments: [], hasKey: false,
    today: { calls: 0, tokens: 0, answers: 0, failures: 0 }, spent: false, sample: "I am Jane Roe",
  }; // prettier-ignore
  readonly accounts: Account[];
  readonly bell: PretendBell;
  readonly conversations = new Map<string, Conversation>();
  readonly posts: OutgoingDelivery[] = [];
  /** Every write that arrived, for a test to look at. */
  readonly writes: { method: string; path: string; body: Record<string, unknown>; key: string | null }[] = [];

  /** The last write that somebody meant: that a conversation was looked at is told by the page, whenever it gets to it. */
  get lastWrite() {
    return this.writes.findLast((w) => !byItself.test(w.path));
  }
  stopped = false;
  readonly writing = new PretendWriting(
    () => this.#now(),
    (id) => this.conversations.get(id)?.viewers ?? [],
    (kind, id) => this.#murmurs.forEach((l) => l(kind, id)),
  );
  readonly #murmurs = new Set<(kind: string, conversation: string) => void>();
  readonly #now: () => number;
  #as: string | undefined;
  #needsSetup: boolean;
  readonly #demo: boolean;
  readonly #settled: number | undefined;
  #seq = 100;
  #listeners = new Set<(entry: LiveEntry) => void>();
  #routes: [method: string, pattern: string[], handler: Handler][] = [];

  constructor(options: PretendOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#as = options.as;
    this.#demo = options.demo ?? false;
    this.#settled = options.settled;
    this.#needsSetup = options.needsSetup ?? false;
    this.departments = departments(this.people);
    this.accounts = accounts(this.#now());
    this.bell = new PretendBell(this.#now());
    if (options.healthy) {
      this.accounts.forEach((a) => {
        delete a.health.trouble;
        a.state = "active";
      });
    }
    seeds.forEach((s, i) => this.#plant(s, i));
    for (let i = 0; i < (options.more ?? 0); i++) {
      const seed = seeds[i % 16]!;
      const lines = seed.lines.map(([m, ...rest]): Seed["lines"][number] => [m + 200 + i * 7, ...rest]);
      this.#plant(
        { ...seed, who: `${seed.who} ${i + 2}`, due: (seed.due ?? 60) + 300 + i, lines, unread: false },
        seeds.length + i,
      );
    }
    this.#route();
  }

  /** Answers like the server. */
  fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const path = url.pathname.split("/").filter(Boolean).slice(1);
    const isForm = request.headers.get("content-type")?.startsWith("multipart/") ?? false;
    const text = request.method === "GET" || isForm ? "" : await request.text();
    const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
    if (request.method !== "GET") {
      this.writes.push({
        method: request.method,
        path: url.pathname,
        body,
        key: request.headers.get("Idempotency-Key"),
      });
    }
    try {
      const found = this.#routes.find(([method, pattern]) => method === request.method && fits(pattern, path));
      if (!found) {
        refuse(404, "There is no such thing.");
      }
      if (!this.#as && !["session", "demo", "setup", "invitation", "answer"].includes(path[0] ?? "")) {
        refuse(401, "Sign in first.");
      }
      const out = found[2]({ path, query: url.searchParams, body, header: request.headers });
      return out === undefined ? new Response(null, { status: 204 }) : json(200, out);
    } catch (error) {
      if (error instanceof Refused) {
        return json(error.status, error.body);
      }
      throw error;
    }
  };

  /** Hears of every change, as the live feed does. */
  hear(listener: (entry: LiveEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears what is not in the journal: who is here, and changed drafts. */
  hearMurmurs(listener: (kind: string, conversation: string) => void): () => void {
    this.#murmurs.add(listener);
    return () => this.#murmurs.delete(listener);
  }

  /** A contact writes: what a channel would bring. */
  arrive(id: string, text: string): void {
    const c = this.#conversation(id);
    c.timeline.push({
      kind: "message", id: this.#id("msg"), at: this.#at(0), direction: "in", private: c.private,
      from: { name: c.contact.name, handle: c.contact.handle }, text, media: [],
    }); // prettier-ignore
    Object.assign(c, { excerpt: text, lastAt: this.#at(0), unread: true, state: "open", messages: c.messages + 1 });
    c.clock ??= { kind: "next", due: this.#at(30 * minute), started: this.#at(0), state: "running" };
    this.#tell("message arrived", id);
  }

  #tell(what: string, conversation?: string, about?: string): void {
    const entry: LiveEntry = {
      what,
      at: this.#at(0),
      seq: ++this.#seq,
      ...(conversation ? { conversation } : {}),
      ...(about ? { about } : {}),
    };
    this.#listeners.forEach((l) => l(entry));
  }

  #at(ms: number): string {
    return new Date(this.#now() + ms).toISOString();
  }

  #id(kind: string): string {
    return `${kind}_${String(++this.#seq).padStart(9, "0")}`;
  }

  #plant(seed: Seed, index: number): void {
    const id = `con_${String(index + 1).padStart(9, "0")}`;
    const person = this.people.find((p) => p.id === seed.person);
    const account = accountRefs[seed.acc];
    const messages = seed.lines.filter(([, from]) => from === "in" || from === "out");
    const last = messages[messages.length - 1]!;
    const limits = this.accounts.find((a) => a.id === account.id)!.limits;
    const state = seed.state ?? "open";
    const due = state === "open" ? seed.due : undefined;
    const row: Row = {
      id,
      contact: { id: `cnt_${String(index + 1).padStart(9, "0")}`, name: seed.who, handle: seed.handle, standings: seed.standings.split(", ").filter(Boolean) },
      account,
      private: seed.private ?? false,
      state,
      setAside: seed.aside ?? false,
      subject: seed.subject ?? "",
      excerpt: last[2].replace(/\s+/g, " ").slice(0, 160),
      intent: seed.intent,
      intents: [seed.intent],
      urgency: seed.urgency ?? "normal",
      needs: seed.needs ?? "must",
      language: seed.lang ?? "en",
      owner: { department: departmentRefs[seed.dep], ...(person ? { person: { id: person.id, name: person.name } } : {}) },
      messages: messages.length,
      unread: seed.unread ?? false,
      tags: seed.tags?.split(", ") ?? [],
      ...(due === undefined ? {} : { clock: { kind: messages.some(([, f]) => f === "out") ? "next" : "first", due: this.#at(due * minute), started: this.#at(-hour), state: due < 0 ? "breached" : due < 15 ? "warned" : "running" } }),
      ...(state === "snoozed" ? { snoozedUntil: this.#at(40 * hour) } : {}),
      lastAt: this.#at(-last[0] * minute),
      openedAt: this.#at(-messages[0]![0] * minute),
      asked: 0,
      waitsFor: [],
      promised: 0,
      promisedMine: false,
      can: [],
    }; // prettier-ignore
    const conversation: Conversation = {
      ...row,
      timeline: seed.lines.map(([ago, from, text], i) => this.#line(seed, from, text, ago, `${id}${i}`)),
      contactIdentities: [
        { id: `${id}a`, channel: account.channel, handle: seed.handle, name: seed.who, ...(seed.acc === "mastodon" ? { url: `https://social.example/${seed.handle}`, followers: 212 + index * 37 } : {}) },
        ...(index % 4 === 0 ? [{ id: `${id}b`, channel: "email", handle: "rowan.blake@post.example", name: seed.who }] : []),
      ],
      decision: { department: departmentRefs[seed.dep], ...(person ? { person: { id: person.id, name: person.name } } : {}), by: "map", confidence: 0.86, reasons: seed.reasons.split("; ") },
      assessment: {
        language: { code: seed.lang ?? "en", confidence: 0.98 }, intents: [{ key: seed.intent, confidence: 0.86 }], needs: seed.needs ?? "must", needsConfidence: 0.93, urgency: seed.urgency ?? "normal", urgencyConfidence: 0.8,
        sentiment: seed.intent === "complaint" ? -0.7 : 0.2, question: seed.lines[0]![2].includes("?"), spam: seed.intent === "spam" ? 0.98 : 0.01, reasons: [{ what: seed.reasons.split("; ")[0]! }],
      },
      topics: [],
      suggestions: person ? [] : this.#suggest(seed.dep),
      deliveries: [],
      requests: [],
      promises: [],
      others: [],
      replyAs: { account: account.id, handle: account.handle, private: seed.private ?? false, held: false, limits, to: seed.handle },
      viewers: index === 0 ? [{ id: "per_tom000001", name: "Tom Adeyemi", doing: "looking", until: this.#at(minute) }] : [],
    }; // prettier-ignore
    if (seed.delivery) {
      conversation.deliveries.push(this.#planted(seed, person, id));
    }
    this.conversations.set(id, conversation);
  }

  #line(seed: Seed, from: Seed["lines"][number][1], text: string, ago: number, id: string): Entry {
    const at = this.#at(-ago * minute);
    const who = this.people.find((p) => p.id === seed.person) ?? this.people[1]!;
    if (from === "note") {
      return { kind: "note", id, at, person: { id: who.id, name: who.name }, text };
    }
    if (from === "event") {
      return { kind: "event", id, at, what: text.split(" ").slice(0, 2).join(" ").toLowerCase(), who: "", text };
    }
    const account = accountRefs[seed.acc];
    const lastIn = seed.lines.filter(([, f]) => f === "in").pop()?.[2] === text;
    const entry: MessageEntry = {
      kind: "message", id, at, direction: from, private: seed.private ?? false,
      from: from === "in" ? { name: seed.who, handle: seed.handle } : { name: account.name, handle: account.handle, personName: who.name },
      ...(seed.subject ? { subject: seed.subject } : {}),
      text, media: lastIn ? (seed.media ?? []) : [], lang: seed.lang ?? "en",
      ...(lastIn && seed.quoted ? { quoted: seed.quoted } : {}),
      ...(lastIn && seed.html ? { html: seed.html } : {}),
      ...(seed.acc === "mastodon" ? { url: "https://social.example/@acme_help/1" } : {}),
    }; // prettier-ignore
    return entry;
  }

  #planted(seed: Seed, person: Person | undefined, id: string): Delivery {
    const said: Record<NonNullable<Seed["delivery"]>, [text: string, reason: string, can: string[]]> = {
      held: [
        "Dear Mr Weber,\n\nour safety team will publish the full figures tomorrow at 10:00. Until then: every pair sold since March is affected, and every owner has been written to.",
        "waits for an approval: a statement to the press",
        ["approve", "cancel"],
      ],
      failed: [
        "Die Feder schicken wir Ihnen heute noch zu. Den Schuh behalten Sie bitte.",
        "The contact closed their chat to strangers. Answer in public, or by e-mail.",
        ["retry", "cancel"],
      ],
      unknown: [
        "Graham, the bank confirms: 84.50 left us on Tuesday. I will stay on it until you see it.",
        "The server took it and did not answer. Look whether it is there.",
        ["confirmSent", "retry"],
      ],
      queued: ["On its way.", "", ["cancel"]],
    };
    const [text, reason, can] = said[seed.delivery!];
    const who = person ?? this.people[0]!;
    return {
      id: `del_${id.slice(4)}`,
      state: seed.delivery!,
      text,
      reason,
      author: { id: who.id, name: who.name },
      at: this.#at(-4 * minute),
      private: seed.private ?? false,
      can,
    };
  }

  #suggest(dep: keyof typeof departmentRefs) {
    const first = this.people
      .filter((p) => p.departments[0]?.id === departmentRefs[dep].id && p.presence === "here")
      .slice(0, 2);
    return [
      ...first.map((p, i) => ({
        department: departmentRefs[dep],
        person: { id: p.id, name: p.name },
        confidence: 0.81 - i * 0.2,
        reasons: [`knows ${p.skills.slice(0, 2).join(", ") || "the department"}`, `${p.load} of ${p.capacity} open`],
      })),
      ...(dep === "switchboard"
        ? [{ department: departmentRefs.service, confidence: 0.31, reasons: ["the word error"] }]
        : []),
    ];
  }

  /** The person signed in; administrators and managers may everything here, the rest their own work. */
  get #me(): Me {
    const p = this.people.find((x) => x.id === this.#as);
    if (!p) {
      refuse(401, "Sign in first.");
    }
    const high = p.role === "administrator" || p.role === "manager";
    const can = high
      ? [
          "staff.manage",
          "accounts.manage",
          "departments.manage",
          "stop",
          "see.all",
          "settings",
          "keys",
          "people.see",
          "scores.see",
          "answer",
        ]
      : p.role === "viewer"
        ? ["see.all", "people.see"]
        : p.role === "operator"
          ? ["people.see", "scores.see", "answer"]
          : ["people.see", "answer"];
    return {
      id: p.id,
      name: p.name,
      email: p.email,
      role: p.role,
      zone: p.zone,
      departments: p.departments,
      can,
      presence: p.presence,
      habits: this.writing.habits,
    };
  }

  #session(): Session {
    return {
      ...(this.#as ? { person: this.#me } : {}),
      organisation: {
        name: "ACME",
        zone: "Europe/London",
        locale: "en-GB",
        publicUrl: "https://desk.acme.example",
        demo: this.#demo,
      },
      needsSetup: this.#needsSetup,
      version: "0.1.0",
      stopped: this.stopped,
      translates: true,
    };
  }

  #conversation(id: string | undefined): Conversation {
    return (
      this.conversations.get(id ?? "") ?? refuse(404, "There is no such conversation, or it is not for your eyes.")
    );
  }

  /** What may be done, from the state things are in. */
  #can(c: Row): string[] {
    const me = this.#me;
    if (me.role === "viewer") {
      return [];
    }
    const mine = c.owner.person?.id === me.id;
    const closed = c.state === "closed";
    return [
      "reply", "note", "promise", ...(closed ? [] : ["ask"]), "handover", "tag", "intent",
      ...(mine ? ["release"] : ["claim"]),
      ...(closed ? ["reopen"] : ["close", "answered"]),
      ...(c.state === "snoozed" ? ["wake"] : closed ? [] : ["snooze"]),
      ...(c.setAside ? ["unaside"] : closed ? [] : ["aside"]),
    ]; // prettier-ignore
  }

  #row(c: Conversation): Row {
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
      others,
      replyAs,
      viewers,
      ...row
    } = c;
    void [timeline, contactIdentities, decision, assessment, on, suggestions, deliveries, others, replyAs, viewers];
    const open = requests.filter((r) => r.state === "open");
    const due = open.filter((r) => this.#asked(r)).map((r) => r.due).sort()[0]; // prettier-ignore
    return {
      ...row,
      can: this.#can(c),
      asked: open.length,
      waitsFor: waitsOf(c, (r) => this.#asked(r)),
      ...(due ? { askedDue: due } : {}),
      ...this.#promised(promises),
    };
  }

  /** What a row says of promises. */
  #promised(list: Conversation["promises"]): Pick<Row, "promised" | "promisedMine" | "promisedDue"> {
    const dues = list.filter((p) => p.state === "open").map((p) => p.due).sort(); // prettier-ignore
    return { promised: dues.length, promisedMine: dues.length > 0, ...(dues[0] ? { promisedDue: dues[0] } : {}) };
  }

  #promiseRoutes(): void {
    const me = () => ({ id: this.#me.id, name: this.#me.name });
    this.#on("POST", "conversations/:/promises/find", ({ path, body }) => {
      const c = this.#conversation(path[1]);
      return { items: pretendFind(body["text"] as string, c.owner.department, me(), this.#now()), next: "" };
    });
    this.#on("POST", "conversations/:/promises", ({ path, body }) => {
      const c = this.#conversation(path[1]);
      const p = pretendPromise(this.#id("pro"), body as never, c.owner.department, me(), this.#now());
      c.promises.push(p);
      this.#event(c, "promise made", `Promised: ${p.text}`);
      return p;
    });
    for (const [word, state] of [
      ["keep", "kept"],
      ["break", "broken"],
      ["withdraw", "withdrawn"],
      ["reopen", "open"],
    ] as const) {
      this.#on("POST", `promises/:/${word}`, ({ path, body }) => {
        const c = [...this.conversations.values()].find((x) => x.promises.some((p) => p.id === path[1]));
        const p = c?.promises.find((x) => x.id === path[1]);
        if (!c || !p) {
          refuse(404, "There is no such promise, or it is not for your eyes.");
        }
        this.#event(c, `promise ${state}`, `A promise is ${state}`);
        return pretendEnd(p, state, me(), this.#now(), body);
      });
    }
    const all = () => [...this.conversations.values()];
    this.#on("GET", "promises/figures", () => pretendFigures(all(), this.#now()));
    this.#on("GET", "promises", ({ query }) => ({
      items: pretendListed(all(), query.get("state") ?? "open", this.#now()),
      next: "",
    }));
  }

  #full(c: Conversation): Conversation {
    const others = [...this.conversations.values()].filter(
      (o) => o !== c && o.contact.name.split(" ")[0] === c.contact.name.split(" ")[0],
    );
    const locked = this.#me.role === "viewer";
    const held = this.#me.role === "contributor" || this.#me.role === "agency";
    return {
      ...c,
      ...this.#promised(c.promises),
      can: this.#can(c),
      requests: c.requests.map((r) => this.#request(r)),
      others: others.slice(0, 5).map((o) => this.#row(o)),
      ...(locked || !c.replyAs ? { replyAs: undefined } : { replyAs: { ...c.replyAs, held } }),
    };
  }

  /** Whether it is asked of who is signed in, or of a department of theirs. */
  #asked(r: Asked): boolean {
    const me = this.#me;
    return r.person?.id === me.id || me.departments.some((d) => d.id === r.department.id);
  }

  #request(r: Asked): Asked {
    const mine = this.#asked(r);
    return { ...r, mine, can: r.state === "open" ? ["answer", ...(mine ? [] : ["withdraw"])] : [] };
  }

  /** Ends a request in one way or another. */
  #endRequest(state: "answered" | "withdrawn" | "passed"): Handler {
    return ({ path, body }) => {
      const c = [...this.conversations.values()].find((x) => x.requests.some((r) => r.id === path[1]));
      const r = c?.requests.find((x) => x.id === path[1]);
      if (!c || !r) {
        refuse(404, "There is no such request, or it is not for your eyes.");
      }
      if (r.state !== "open") {
        refuse(409, `This request was ${r.state} already: reload the conversation.`);
      }
      Object.assign(r, { state, answer: body["text"] ?? body["reason"] ?? "", endedAt: this.#at(0) });
      r.endedBy = { id: this.#me.id, name: this.#me.name };
      this.#event(c, `request ${state}`, `The request to ${r.department.name} was ${state}`);
      return this.#request(r);
    };
  }

  #ask({ path, body }: Call): Asked {
    const c = this.#conversation(path[1]);
    const person = this.people.find((p) => p.id === body["person"]);
    const department = this.departments.find((d) => d.id === body["department"]) ?? refuse(422, "Say whom you ask.");
    const r: Asked = {
      id: this.#id("req"), department: { id: department.id, name: department.name }, ...(person ? { person: { id: person.id, name: person.name } } : {}),
      from: { id: this.#me.id, name: this.#me.name }, text: body["text"] as string, at: this.#at(0), due: (body["due"] as string | undefined) ?? this.#at(2 * hour),
      state: "open", mine: false, can: [], mail: body["mail"] === true, shows: (body["shows"] as Asked["shows"] | undefined) ?? "conversation",
    }; // prettier-ignore
    c.requests.push(r);
    this.#event(c, "asked", `Asked ${person?.name ?? department.name}: ${r.text}`);
    return this.#request(r);
  }

  #askSeveral(call: Call): { items: Asked[]; next: string } {
    const { to, ...what } = call.body as unknown as { to: Record<string, unknown>[] };
    return { items: to.map((one) => this.#ask({ ...call, body: { ...what, ...one } })), next: "" };
  }

  #inView(c: Conversation, view: View): boolean {
    const me = this.#me;
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
        return c.requests.some((r) => r.state === "open" && this.#asked(r));
      case "promised":
        return c.promises.some((p) => p.state === "open");
      default:
        return !c.setAside;
    }
  }

  #list({ query }: Call): { items: Row[]; next: string } {
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
    const all = [...this.conversations.values()]
      .filter(
        (c) =>
          this.#inView(c, view) &&
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
      items: all.slice(from, from + limit).map((c) => this.#row(c)),
      next: from + limit < all.length ? String(from + limit) : "",
    };
  }

  #event(c: Conversation, what: string, text: string): void {
    c.timeline.push({ kind: "event", id: this.#id("evt"), at: this.#at(0), what, who: this.#me.name, text });
    this.#tell(what, c.id);
  }

  /** A deed on a conversation: change it, write the event, answer with the whole. */
  #deed(what: string, change: (c: Conversation, body: Record<string, unknown>) => string): Handler {
    return ({ path, body }) => {
      const c = this.#conversation(path[1]);
      const text = change(c, body);
      this.#event(c, what, text);
      return this.#full(c);
    };
  }

  #reply({ path, body }: Call): Delivery {
    const c = this.#conversation(path[1]);
    const { text, seen, force, then, undo = 0, private: isPrivate = c.private } = body as unknown as NewReply;
    const at = c.timeline.findIndex((e) => e.id === seen);
    const since = at < 0 ? [] : c.timeline.slice(at + 1);
    this.writing.sent(c.id);
    if (seen && !force && since.some((e) => e.kind === "message" && e.direction === "out")) {
      refuse(409, "Somebody wrote here meanwhile. Read it, then send again.");
    }
    const me = this.#me;
    const held = this.#full(c).replyAs?.held ?? false;
    const delivery: Delivery = {
      id: this.#id("del"),
      state: held ? "held" : undo > 0 ? "queued" : "sent",
      text,
      author: { id: me.id, name: me.name },
      at: this.#at(0),
      private: isPrivate,
      can: held || undo > 0 ? ["cancel"] : [],
    };
    c.deliveries.push(delivery);
    const { promises = [], keeps = [] } = body as unknown as NewReply;
    promises.forEach((p) => c.promises.push(pretendPromise(this.#id("pro"), p, c.owner.department, me, this.#now())));
    c.promises
      .filter((p) => keeps.includes(p.id))
      .forEach((p) => pretendEnd(p, "kept", me, this.#now(), { message: delivery.id }));
    if (delivery.state === "sent") {
      this.#say(c, delivery);
    }
    if (then === "close") {
      c.state = "closed";
      delete c.clock;
    } else if (then === "waiting" && !held) {
      c.state = "waiting";
      delete c.clock;
    }
    this.#tell("reply queued", c.id, delivery.id);
    return delivery;
  }

  #post({ body }: Call): { items: OutgoingDelivery[]; next: string } {
    const { accounts: ids, text, media, undo = 0 } = body as unknown as NewPost;
    const me = this.#me;
    const items = ids.map((id): OutgoingDelivery => {
      const a = this.accounts.find((x) => x.id === id) ?? refuse(404, "There is no such account.");
      const held = me.role === "contributor";
      return {
        id: this.#id("del"), state: held ? "held" : undo > 0 ? "queued" : "sent", text, author: { id: me.id, name: me.name }, at: this.#at(0), private: false,
        can: held || undo > 0 ? ["cancel"] : [], account: { id: a.id, name: a.name, handle: a.handle, channel: a.channel },
        files: (media ?? []).map((m) => ({ name: "picture.png", type: "image/png", alt: m.alt ?? "", size: 20_480, url: `/api/files/${m.id}` })),
      }; // prettier-ignore
    });
    this.posts.push(...items);
    return { items, next: "" };
  }

  #say(c: Conversation, delivery: Delivery): void {
    c.timeline.push({
      kind: "message", id: this.#id("msg"), at: this.#at(0), direction: "out", private: delivery.private,
      from: { name: c.account.name, handle: c.account.handle, personName: delivery.author.name }, text: delivery.text, media: [], delivery,
    }); // prettier-ignore
    c.excerpt = delivery.text.slice(0, 160);
    c.lastAt = this.#at(0);
  }

  #delivery(id: string | undefined): [Delivery, Conversation | undefined] {
    const post = this.posts.find((d) => d.id === id);
    if (post) {
      return [post, undefined];
    }
    for (const c of this.conversations.values()) {
      const found = c.deliveries.find((d) => d.id === id);
      if (found) {
        return [found, c];
      }
    }
    return refuse(404, "There is no such delivery.");
  }

  #settle(change: (d: Delivery, c: Conversation | undefined, body: Record<string, unknown>) => void): Handler {
    return ({ path, body }) => {
      const [d, c] = this.#delivery(path[1]);
      change(d, c, body);
      this.#tell("delivery changed", c?.id, d.id);
      return d;
    };
  }

  #candidates({ query }: Call): { items: Candidate[] } {
    const words = (query.get("q") ?? "").toLowerCase();
    const c = this.conversations.get(query.get("conversation") ?? "");
    const text = c
      ? c.timeline
          .map((e) => e.text)
          .join(" ")
          .toLowerCase()
      : "";
    const staffed = this.people
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
    const queues = this.departments
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

  #counts() {
    const open = [...this.conversations.values()].filter((c) => c.state === "open");
    const n = (view: View) => open.filter((c) => this.#inView(c, view)).length;
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
      aside: [...this.conversations.values()].filter((c) => c.setAside).length,
      byDepartment,
    };
  }

  #account(id: string | undefined): Account {
    return this.accounts.find((a) => a.id === id) ?? refuse(404, "There is no such account.");
  }

  #owner(body: Record<string, unknown>): Owner {
    const person = this.people.find((p) => p.id === body["person"]);
    const department =
      this.departments.find((d) => d.id === (body["department"] ?? person?.departments[0]?.id)) ??
      refuse(422, "Say who should have it.");
    return {
      department: { id: department.id, name: department.name },
      ...(person ? { person: { id: person.id, name: person.name } } : {}),
    };
  }

  #on(method: string, pattern: string, handler: Handler): void {
    this.#routes.push([method, pattern.split("/"), handler]);
  }

  #route(): void {
    this.#routeSession();
    this.#routeDesk();
    this.writing.route((method, pattern, handler) => this.#on(method, pattern, handler));
    this.#on("PUT", "session/habits", ({ body }) => {
      this.writing.habits = body as unknown as PretendWriting["habits"];
      return this.#session();
    });
    this.#routeCompany();
    this.bell.route(this.#on.bind(this));
    lists({
      on: (method, pattern, handler) => this.#routes.unshift([method, pattern.split("/"), handler]),
      conversations: this.conversations,
      row: (c) => this.#row(c),
      tell: (what, conversation) => this.#tell(what, conversation),
      me: () => ({ id: this.#me.id, name: this.#me.name }),
      refuse,
    });
  }

  #routeSession(): void {
    const enter = (id: string | undefined) => {
      this.#as = id;
      this.#needsSetup = false;
      return this.#session();
    };
    this.#on("GET", "session", () => this.#session());
    this.#on("POST", "session", ({ body }) => {
      const p = this.people.find((x) => x.email === body["email"]);
      return p && body["password"]
        ? enter(p.id)
        : refuse(401, "This address and password do not belong together. Try again, or ask for a new invitation.");
    });
    this.#on("DELETE", "session", () => {
      this.#as = undefined;
    });
    this.#on("PUT", "session/presence", ({ body }) => {
      this.people.find((p) => p.id === this.#as)!.presence = body["presence"] as Me["presence"];
      return this.#session();
    });
    this.#on("GET", "demo/people", () => ({
      items: this.people.map((p) => ({
        id: p.id,
        name: p.name,
        role: p.role,
        department: p.departments[0]!.name,
        email: p.email,
      })),
      next: "",
    }));
    this.#on("POST", "demo/enter", ({ body }) => enter(body["person"] as string));
    const token = (header: Headers, name: string) =>
      header.get(name) || refuse(404, "This link is used up or too old. The program prints a new one when it starts.");
    this.#on("GET", "setup", ({ header }) => {
      token(header, "Setup-Token");
      return { publicUrl: "http://127.0.0.1:8080", zone: "Europe/London", locale: "en-GB", templates };
    });
    this.#on("POST", "setup", ({ header, body }) => {
      token(header, "Setup-Token");
      const { administrator } = body as { administrator: { password: string } };
      return administrator.password.length < 10
        ? refuse(422, "The password is too short: take at least ten characters.", [
            { location: "body.administrator.password", message: "at least ten characters" },
          ])
        : enter("per_grace0001");
    });
    this.#on(
      "GET",
      "invitation",
      ({ header }) => (
        token(header, "Invitation-Token"),
        { email: "bob@acme.example", name: "Bob Carter", organisation: "ACME" }
      ),
    );
    this.#on("POST", "invitation", () => enter("per_bob000001"));
    this.#on("GET", "invitations", () => ({
      items: [
        {
          id: "inv_000000001",
          email: "kim@acme.example",
          name: "Kim Larsen",
          role: "member",
          departments: [departmentRefs.service],
          expiresAt: this.#at(5 * 24 * hour),
        },
      ],
      next: "",
    }));
    this.#on("POST", "invitations", ({ body }) => ({
      id: this.#id("inv"),
      link: `https://desk.acme.example/join#inv-${String(body["email"]).length}f3a9c02d`,
      expiresAt: this.#at(7 * 24 * hour),
    }));
    this.#on("DELETE", "invitations/:", () => undefined);
    this.#on("POST", "password", ({ body }) =>
      body["current"]
        ? undefined
        : refuse(422, "That is not your password.", [{ location: "body.current", message: "not your password" }]),
    );
  }

  #routeDesk(): void {
    this.#on("GET", "conversations", (call) => this.#list(call));
    this.#on("GET", "counts", () => this.#counts());
    this.#on("GET", "topics", () => ({ items: topics, next: "" }));
    this.#on("GET", "topics/suggestions", () => ({ items: [], next: "" }));
    this.#on("GET", "conversations/:/similar", () => ({ items: [], next: "" }));
    this.#on("GET", "intents", () => ({ items: intents, next: "" }));
    this.#on("GET", "candidates", (call) => this.#candidates(call));
    this.#on("GET", "conversations/:", ({ path }) => this.#full(this.#conversation(path[1])));
    this.#on("POST", "conversations/:/read", ({ path }) => void (this.#conversation(path[1]).unread = false));
    this.#on("POST", "conversations/:/reply", (call) => this.#reply(call));
    this.#promiseRoutes();
    this.#on("POST", "conversations/:/requests", (call) => this.#ask(call));
    this.#on("POST", "conversations/:/requests/several", (call) => this.#askSeveral(call));
    this.#on("GET", "requests", () => ({ items: [], next: "" }));
    this.#on("GET", "requests/way", () => way(this.houseMail, this.#at(hour)));
    this.#on("POST", "requests/:/pass", this.#endRequest("passed"));
    this.#on("POST", "requests/:/answer", this.#endRequest("answered"));
    this.#on("POST", "requests/:/withdraw", this.#endRequest("withdrawn"));
    this.#on("POST", "conversations/:/notes", ({ path, body }) => {
      const c = this.#conversation(path[1]);
      const entry: Entry = {
        kind: "note",
        id: this.#id("not"),
        at: this.#at(0),
        person: { id: this.#me.id, name: this.#me.name },
        text: body["text"] as string,
      };
      c.timeline.push(entry);
      this.#tell("note written", c.id);
      return entry;
    });
    const deed = (name: string, change: (c: Conversation, body: Record<string, unknown>) => string, method = "POST") =>
      this.#on(method, `conversations/:/${name}`, this.#deed(name, change));
    const wake = (c: Conversation) => {
      c.state = "open";
      c.setAside = false;
      delete c.snoozedUntil;
      c.clock ??= { kind: "next", due: this.#at(hour), started: this.#at(0), state: "running" };
    };
    deed("claim", (c) => {
      if (c.owner.person && c.owner.person.id !== this.#me.id && c.claimedAt) {
        refuse(409, `${c.owner.person.name} has it already.`);
      }
      c.owner = { ...c.owner, person: { id: this.#me.id, name: this.#me.name } };
      c.claimedAt = this.#at(0);
      return `Claimed by ${this.#me.name}`;
    });
    deed("release", (c) => {
      c.owner = { department: c.owner.department };
      delete c.claimedAt;
      return `Given back to ${c.owner.department.name} by ${this.#me.name}`;
    });
    deed("handover", (c, body) => {
      c.owner = this.#owner(body);
      delete c.claimedAt;
      c.suggestions = [];
      return `Put through to ${c.owner.person?.name ?? c.owner.department.name} by ${this.#me.name}${body["reason"] ? `: ${body["reason"] as string}` : ""}`;
    });
    deed("snooze", (c, body) => {
      c.state = "snoozed";
      c.snoozedUntil = body["until"] as string;
      return `Snoozed by ${this.#me.name}`;
    });
    deed("wake", (c) => (wake(c), `Woken by ${this.#me.name}`));
    deed("close", (c) => {
      c.state = "closed";
      delete c.clock;
      return `Closed by ${this.#me.name}`;
    });
    deed("reopen", (c) => (wake(c), `Reopened by ${this.#me.name}`));
    deed("aside", (c) => ((c.setAside = true), (c.state = "closed"), `Set aside by ${this.#me.name}`));
    deed("unaside", (c) => (wake(c), `Taken back into the inbox by ${this.#me.name}`));
    deed("answered", (c) => ((c.state = "waiting"), delete c.clock, `Answered elsewhere, says ${this.#me.name}`));
    deed(
      "tags",
      (c, body) => ((c.tags = body["tags"] as string[]), `Tagged ${c.tags.join(", ") || "with nothing"}`),
      "PUT",
    );
    deed(
      "intent",
      (c, body) => (
        (c.intent = body["intent"] as string),
        (c.intents = [c.intent]),
        `Intent corrected by ${this.#me.name}`
      ),
      "PUT",
    );
    this.#on("GET", "scoreboard", ({ query }) =>
      scoreboard(this.#now(), Number(query.get("days") ?? 30), this.#settled),
    );
    this.#on("GET", "verdicts", ({ query }) => ({
      items: [...this.conversations.values()]
        .slice(0, 12)
        .map((c, i) => verdict(c.id, c.excerpt, this.#now(), query.get("found") === "wrong" || i % 5 === 4))
        .filter((v) => query.get("found") !== "right" || v.right),
      next: "",
    }));
    this.#on("GET", "deliveries", ({ query }) => ({
      items: [...this.conversations.values()].flatMap((c) =>
        c.deliveries
          .filter((d) => d.state === query.get("state"))
          .map((d) => ({ ...d, account: c.account, conversation: { id: c.id, name: c.contact.name } })),
      ),
      next: "",
    }));
    this.#on("GET", "posts", () => ({ items: [...this.posts].reverse(), next: "" }));
    this.#on("POST", "posts", (call) => this.#post(call));
    this.#on(
      "POST",
      "deliveries/:/approve",
      this.#settle((d, c) => (Object.assign(d, { state: "sent", can: [] }), c && this.#say(c, d))),
    );
    this.#on(
      "POST",
      "deliveries/:/cancel",
      this.#settle((d) => void Object.assign(d, { state: "cancelled", can: [] })),
    );
    this.#on(
      "POST",
      "deliveries/:/retry",
      this.#settle((d, c) => (Object.assign(d, { state: "sent", can: [], reason: "" }), c && this.#say(c, d))),
    );
    this.#on(
      "POST",
      "deliveries/:/confirm",
      this.#settle(
        (d, c, body) => (
          Object.assign(d, { state: body["sent"] ? "sent" : "failed", can: body["sent"] ? [] : ["retry", "cancel"] }),
          body["sent"] && c ? this.#say(c, d) : undefined
        ),
      ),
    );
    this.#on("GET", "contacts/:", ({ path }) => {
      const mine = [...this.conversations.values()].filter((c) => c.contact.id === path[1]);
      const c = mine[0] ?? refuse(404, "There is no such contact.");
      return {
        id: c.contact.id,
        name: c.contact.name,
        identities: c.contactIdentities,
        standings: c.contact.standings,
        note: "",
        conversations: mine.map((m) => this.#row(m)),
        can: ["edit"],
      };
    });
    this.#on("PATCH", "contacts/:", ({ path, body }) => {
      const c =
        [...this.conversations.values()].find((x) => x.contact.id === path[1]) ??
        refuse(404, "There is no such contact.");
      Object.assign(c.contact, body);
      return {
        id: c.contact.id,
        name: c.contact.name,
        identities: c.contactIdentities,
        standings: c.contact.standings,
        note: body["note"] ?? "",
        conversations: [],
        can: ["edit"],
      };
    });
    this.#on("GET", "search", ({ query }) => {
      const words = (query.get("q") ?? "").toLowerCase().replace(/\*$/, "");
      const items = [...this.conversations.values()].flatMap(
        (c) =>
        c.timeline
          .filter((e) => e.kind !== "event" && e.text.toLowerCase().includes(words))
          .slice(0, 1)
          .map((e) => ({
            kind: e.kind, conversation: this.#row(c), message: e.id, at: e.at, by: c.contact.name, ours: false, snippet: around(e.text, words),
            parts: [{ text: around(e.text, words), hit: true }],
          })), // prettier-ignore
      );
      return { items: items.slice(0, 20), next: "", people: [], others: [] };
    });
    this.#on("POST", "uploads", () => ({ id: this.#id("upl"), name: "picture.png", type: "image/png", size: 20_480 }));
  }

  #routeCompany(): void {
    this.#on("GET", "people", ({ query }) => {
      const q = (query.get("q") ?? "").toLowerCase();
      return {
        items: this.people.filter((p) =>
          `${p.name} ${p.skills.join(" ")} ${p.departments[0]?.name}`.toLowerCase().includes(q),
        ),
        next: "",
      };
    });
    const person = (id: string | undefined) =>
      this.people.find((p) => p.id === id) ?? refuse(404, "There is no such person.");
    this.#on("GET", "people/:", ({ path }) => person(path[1]));
    this.#on("PATCH", "people/:", ({ path, body }) => {
      const p = person(path[1]);
      const deps = body["departments"] as string[] | undefined;
      Object.assign(
        p,
        body,
        deps
          ? {
              departments: this.departments.filter((d) => deps.includes(d.id)).map((d) => ({ id: d.id, name: d.name })),
            }
          : {},
      );
      this.#tell("person changed", undefined, p.id);
      return p;
    });
    this.#on("POST", "people/:/absences", ({ path, body }) => {
      const p = person(path[1]);
      p.absences.push({ id: this.#id("abs"), ...(body as { from: string; until: string; note: string }) });
      return p;
    });
    this.#on("DELETE", "people/:/absences/:", ({ path }) => {
      const p = person(path[1]);
      p.absences = p.absences.filter((a) => a.id !== path[3]);
      return p;
    });
    this.#on("GET", "departments", () => {
      const { byDepartment } = this.#counts();
      return { items: this.departments.map((d) => ({ ...d, waiting: byDepartment[d.id] ?? 0 })), next: "" };
    });
    this.#on("POST", "departments", ({ body }) => {
      const d: Department = {
        id: this.#id("dep"),
        name: "",
        summary: "",
        phrases: [],
        intents: [],
        operator: false,
        precision: 0,
        targets: { firstResponse: 0, nextResponse: 0, resolution: 0 },
        takeBack: 30,
        moveOn: 30,
        people: [],
        waiting: 0,
        can: ["manage"],
        ...(body as object),
        standIn: undefined,
      };
      this.departments.push(d);
      return d;
    });
    this.#on("PATCH", "departments/:", ({ path, body }) => {
      const d = this.departments.find((x) => x.id === path[1]) ?? refuse(404, "There is no such department.");
      const { standIn, ...rest } = body;
      const stand = this.departments.find((x) => x.id === standIn);
      Object.assign(d, rest, stand ? { standIn: { id: stand.id, name: stand.name } } : {});
      return d;
    });
    this.#on("DELETE", "departments/:", ({ path }) => {
      this.departments.splice(
        this.departments.findIndex((d) => d.id === path[1]),
        1,
      );
    });
    this.#on("GET", "settings", () => ({
      name: "ACME",
      publicUrl: "https://desk.acme.example",
      zone: "Europe/London",
      locale: "en-GB",
      hours: week,
    }));
    this.#on("PUT", "settings", ({ body }) => body);
    this.#on("GET", "mail", () => this.houseMail);
    this.#on("PUT", "mail", ({ body }) => setMail(this.houseMail, body));
    this.#on("POST", "mail/try", () => tryMail(this.houseMail));
    this.#on("GET", "answer", () => this.question);
    this.#on("POST", "answer", () => endQuestion(this.question, "answered", this.#at(0)));
    this.#on("POST", "answer/pass", () => endQuestion(this.question, "passed", this.#at(0)));
    this.#on("POST", "answer/later", () => ({ at: this.question.later[0]?.at }));
    this.#on("GET", "advice", () => this.advice);
    this.#on("PUT", "advice", ({ body }) => {
      const { key, departments, ...rest } = body as unknown as AdviceForm;
      if (rest.on && !rest.address) {
        refuse(422, "Name an address first.", [{ location: "body.address", message: "name an address first" }]);
      }
      const refs = this.departments.filter((d) => departments.includes(d.id)).map(({ id, name }) => ({ id, name }));
      const hasKey = key === undefined ? this.advice.hasKey : key !== "";
      Object.assign(this.advice, rest, { departments: refs, hasKey });
      return this.advice;
    });
    this.#on("POST", "advice/try", (): AdviceTrial => {
      this.advice.today.calls++;
      return this.advice.address.includes("dead")
        ? { left: "{}", status: 0, came: "", seconds: 8, trouble: "there was no answer within 8s" }
        : {
            left: '{ "text": "I am [name]" }',
            status: 200,
            came: '{ "choices": [] }',
            seconds: 0.42,
            answer: { intent: "billing", departments: [{ id: "dep_accounts1", name: "Accounts" }], needs: "must", urgency: "today" },
          };
    }); // prettier-ignore
    this.#on("GET", "keys", () => ({
      items: [
        {
          id: "key_000000001",
          name: "Data warehouse",
          scopes: ["read"],
          createdAt: this.#at(-90 * 24 * hour),
          lastUsed: this.#at(-9 * minute),
        },
      ],
      next: "",
    }));
    this.#on("POST", "keys", ({ body }) => ({ id: this.#id("key"), ...body, secret: "sbk_pretend_0123456789abcdef" }));
    this.#on("DELETE", "keys/:", () => undefined);
    this.#on("GET", "channels", () => ({ items: channels, next: "" }));
    this.#on("GET", "accounts", () => ({ items: this.accounts, next: "" }));
    this.#on("POST", "accounts/check", ({ body }) => {
      const settings = body["settings"] as Record<string, string>;
      return settings["password"] === "wrong"
        ? refuse(422, "The far side refuses this password. Make a new app password and try again.", [
            { location: "body.settings.password", message: "refused" },
          ])
        : {
            remoteId: "did:1",
            handle: settings["handle"] ?? settings["address"] ?? "@acme",
            name: "ACME",
            note: "Strangers' messages wait in requests: set to accept.",
            limits: this.accounts[1]!.limits,
          };
    });
    this.#on("POST", "accounts/connect", () => ({ address: "/accounts/acc_mastodon1" }));
    this.#on("POST", "accounts", ({ body }) => {
      const a: Account = {
        ...structuredClone(this.accounts[0]!),
        id: this.#id("acc"),
        channel: body["channel"] as string,
        name: body["name"] as string,
        handle: "@new.acme.example",
        health: { queued: 0, unknown: 0, setAside: 0, streaming: true },
      };
      this.accounts.push(a);
      return a;
    });
    this.#on("GET", "accounts/:", ({ path }) => this.#account(path[1]));
    this.#on("PATCH", "accounts/:", ({ path, body }) =>
      Object.assign(this.#account(path[1]), body["name"] ? { name: body["name"] } : {}),
    );
    this.#on(
      "DELETE",
      "accounts/:",
      ({ path }) =>
        void this.accounts.splice(
          this.accounts.findIndex((a) => a.id === path[1]),
          1,
        ),
    );
    this.#on("PUT", "accounts/:/rights", ({ path, body }) =>
      Object.assign(this.#account(path[1]), { people: body["items"] }),
    );
    this.#on("POST", "accounts/:/check", ({ path }) => this.#account(path[1]));
    this.#on("POST", "accounts/:/test", () => ({ detail: "The far side answered: everything works." }));
    const stop =
      (paused: boolean): Handler =>
      ({ path }) => {
        const a = this.#account(path[1]);
        Object.assign(a, { paused, state: paused ? "paused" : "active" });
        this.#tell("account stopped", undefined, a.id);
        return { stopped: paused, held: a.health.queued };
      };
    this.#on("POST", "accounts/:/stop", stop(true));
    this.#on("POST", "accounts/:/resume", stop(false));
    const stopAll =
      (stopped: boolean): Handler =>
      () => {
        this.stopped = stopped;
        this.#tell("stopped");
        return { stopped, held: 3 };
      };
    this.#on("POST", "stop", stopAll(true));
    this.#on("POST", "resume", stopAll(false));
    this.#on("GET", "accounts/:/arrivals", ({ path }) => ({
      items:
        path[1] === "acc_bluesky01"
          ? [
              {
                id: "arr_000000001",
                at: this.#at(-40 * minute),
                remoteId: "at://did:plc:xyz/app.bsky.feed.post/3k",
                tries: 3,
                problem: "It says it was written in the year 9999.",
                raw: '{"createdAt":"9999-12-31T23:59:59Z","text":"hi"}',
              },
              {
                id: "arr_000000002",
                at: this.#at(-3 * hour),
                remoteId: "at://did:plc:abc/app.bsky.feed.post/3j",
                tries: 3,
                problem: "Its text is cut in the middle of a character.",
                raw: '{"text":"caf\\ud83d"}',
              },
            ]
          : [],
      next: "",
    }));
    this.#on("POST", "conversations/:/messages/:/translation", () => ({
      text: "Where is my bill?",
      model: "tiny",
      cut: false,
    }));
    this.#on("POST", "arrivals/:/retry", () => undefined);
    this.#on("POST", "arrivals/:/discard", () => undefined);
  }
}

function fits(pattern: string[], path: string[]): boolean {
  return pattern.length === path.length && pattern.every((p, i) => p === ":" || p === path[i]);
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

function around(text: string, words: string): string {
  const at = text.toLowerCase().indexOf(words);
  return (at > 40 ? "…" : "") + text.slice(Math.max(0, at - 40), at + 80);
}
