/**
 * A pretend server: the API of Switchboard in memory, with ACME in it. Tests hand its `fetch` to the page, and
 * `npm run dev` serves it, so that the screens can be worked on without the program. It keeps the rules a screen can
 * notice (409 when somebody answered meanwhile, who may do what, undo) and nothing else.
 */
import type { Advice, Account, Conversation, Department, Me, OutgoingDelivery, Person } from "../api/types";
import { accounts, departments, minute, people, type Seed, seeds } from "./acme";
import { aQuestion, noMail, requestRoutes } from "./asked";
import { type Handler, refuse, Refused } from "./call";
import { settingsRoutes, staffRoutes } from "./company";
import { accountRoutes } from "./connected";
import { deedRoutes } from "./deeds";
import { insightRoutes } from "./insight";
import { contactRoutes } from "./known";
import { lists } from "./lists";
import { PretendBell } from "./notifications";
import { plant } from "./planted";
import { byItself, PretendWriting } from "./pretendWriting";
import { promiseRoutes } from "./promises";
import { readingRoutes, rowOf } from "./rows";
import { sendingRoutes } from "./sent";
import { meOf, session, signInRoutes } from "./signedIn";

/** What the live feed says of a change: ids, never text. */
interface LiveEntry {
  what: string;
  conversation?: string;
  about?: string;
  at: string;
  seq: number;
}

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
  /** How many days ago what triage had learned was found damaged. */
  damaged?: number;
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
  stopped = false;
  readonly writing = new PretendWriting(
    () => this.now(),
    (id) => this.conversations.get(id)?.viewers ?? [],
    (kind, id) => this.#murmurs.forEach((l) => l(kind, id)),
  );
  readonly now: () => number;
  /** Who is signed in, by id. */
  as: string | undefined;
  needsSetup: boolean;
  readonly demo: boolean;
  readonly settled: number | undefined;
  readonly damaged: number | undefined;
  #seq = 100;
  readonly #murmurs = new Set<(kind: string, conversation: string) => void>();
  #listeners = new Set<(entry: LiveEntry) => void>();
  #routes: [method: string, pattern: string[], handler: Handler][] = [];

  constructor(options: PretendOptions = {}) {
    this.now = options.now ?? Date.now;
    this.as = options.as;
    this.demo = options.demo ?? false;
    this.settled = options.settled;
    this.damaged = options.damaged;
    this.needsSetup = options.needsSetup ?? false;
    this.departments = departments(this.people);
    this.accounts = accounts(this.now());
    this.bell = new PretendBell(this.now());
    if (options.healthy) {
      this.accounts.forEach((a) => {
        delete a.health.trouble;
        a.state = "active";
      });
    }
    seeds.forEach((s, i) => plant(this, s, i));
    for (let i = 0; i < (options.more ?? 0); i++) {
      const seed = seeds[i % 16]!;
      const lines = seed.lines.map(([m, ...rest]): Seed["lines"][number] => [m + 200 + i * 7, ...rest]);
      plant(
        this,
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
      if (
        !this.as &&
        !["session", "demo", "setup", "invitation", "reset", "resets", "answer"].includes(path[0] ?? "")
      ) {
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

  /** The last write that somebody meant: that a conversation was looked at is told by the page, whenever it gets to it. */
  get lastWrite() {
    return this.writes.findLast((w) => !byItself.test(w.path));
  }

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
    const c = this.conversation(id);
    c.timeline.push({
      kind: "message", id: this.id("msg"), at: this.at(0), direction: "in", private: c.private,
      from: { name: c.contact.name, handle: c.contact.handle }, text, media: [],
    }); // prettier-ignore
    Object.assign(c, { excerpt: text, lastAt: this.at(0), unread: true, state: "open", messages: c.messages + 1 });
    c.clock ??= { kind: "next", due: this.at(30 * minute), started: this.at(0), state: "running" };
    this.tell("message arrived", id);
  }

  /** Tells whoever hears. */
  tell(what: string, conversation?: string, about?: string): void {
    const entry: LiveEntry = {
      what,
      at: this.at(0),
      seq: ++this.#seq,
      ...(conversation ? { conversation } : {}),
      ...(about ? { about } : {}),
    };
    this.#listeners.forEach((l) => l(entry));
  }

  /** So many milliseconds from now, as the API writes times. */
  at(ms: number): string {
    return new Date(this.now() + ms).toISOString();
  }

  /** A new id: a kind of three letters, and a number. */
  id(kind: string): string {
    return `${kind}_${String(++this.#seq).padStart(9, "0")}`;
  }

  conversation(id: string | undefined): Conversation {
    return (
      this.conversations.get(id ?? "") ?? refuse(404, "There is no such conversation, or it is not for your eyes.")
    );
  }

  /** Something happened in a conversation: its timeline says so, and whoever hears is told. */
  event(c: Conversation, what: string, text: string): void {
    c.timeline.push({ kind: "event", id: this.id("evt"), at: this.at(0), what, who: this.me.name, text });
    this.tell(what, c.id);
  }

  /** The person signed in; administrators and managers may everything here, the rest their own work. */
  get me(): Me {
    return meOf(this);
  }

  /** Answers a method and pattern, as in "people/:/absences". The first that fits counts. */
  on(method: string, pattern: string, handler: Handler): void {
    this.#routes.push([method, pattern.split("/"), handler]);
  }

  /** Answers in place of what has answered so far. */
  over(method: string, pattern: string, handler: Handler): void {
    this.#routes.unshift([method, pattern.split("/"), handler]);
  }

  #route(): void {
    [
      signInRoutes,
      readingRoutes,
      sendingRoutes,
      promiseRoutes,
      requestRoutes,
      deedRoutes,
      insightRoutes,
      contactRoutes,
    ].forEach((r) => r(this));
    this.writing.route(this.on.bind(this));
    this.on("PUT", "session/habits", ({ body }) => {
      this.writing.habits = body as unknown as PretendWriting["habits"];
      return session(this);
    });
    [staffRoutes, settingsRoutes, accountRoutes].forEach((r) => r(this));
    this.bell.route(this.on.bind(this));
    lists({
      on: this.over.bind(this),
      conversations: this.conversations,
      row: (c) => rowOf(this, c),
      tell: (what, conversation) => this.tell(what, conversation),
      me: () => ({ id: this.me.id, name: this.me.name }),
      refuse,
    });
  }
}

function fits(pattern: string[], path: string[]): boolean {
  return pattern.length === path.length && pattern.every((p, i) => p === ":" || p === path[i]);
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}
