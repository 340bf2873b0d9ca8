/** Asking colleagues at the pretend server, by mail too. */
import type {
  Answering,
  Conversation,
  HouseMail,
  HouseMailForm,
  HouseMailTrial,
  Request as Asked,
  Row,
} from "../api/types";
import { hour } from "./acme";
import { type Call, type Handler, refuse } from "./call";
import type { Pretend } from "./pretend";
import { requestOf } from "./rows";

/** How the house's mail is set in a pretend server: not at all. */
export const noMail = (): HouseMail => ({
  on: false,
  host: "",
  port: 465,
  security: "tls",
  login: "",
  from: "",
  name: "",
  hasPassword: false,
  mailboxes: [{ id: "acc_mail00001", name: "Press", address: "press@acme.example" }],
  letters: [],
});

/** Of whom a conversation waits, as the server says it. */
export const waitsOf = (c: Pick<Conversation, "requests">, mine: (r: Asked) => boolean): Row["waitsFor"] =>
  c.requests
    .filter((r) => r.state === "open")
    .map((r) => ({ department: r.department, ...(r.person ? { person: r.person } : {}), due: r.due, mine: mine(r) }));

/** What the link of an e-mail opens in a pretend server, and what becomes of it. */
export const aQuestion = (): Answering => ({
  state: "open",
  organisation: "ACME",
  person: "Bob Carter",
  from: "Sue Marsh",
  zone: "Europe/Berlin",
  text: "Was the refund sent?",
  asked: "2026-03-02T09:00:00Z",
  due: "2036-03-03T12:00:00Z",
  expires: "2036-03-10T12:00:00Z",
  messages: [{ by: "Rowan Blake", own: false, at: "2026-03-02T08:00:00Z", text: "Where is my refund?", files: 0 }],
  departments: [{ id: "dep_accounts1", name: "Accounts" }],
  later: [
    { when: "hour", at: "2036-03-02T12:00:00Z" },
    { when: "tomorrow", at: "2036-03-03T09:00:00Z" },
  ],
});

/** Ends the question, as an answer or passing it on does. */
export function endQuestion(q: Answering, state: "answered" | "passed", at: string): Answering {
  Object.assign(q, {
    state,
    by: state === "answered" ? q.person : "Accounts",
    at,
    messages: [],
    departments: [],
    later: [],
  });
  delete q.text;
  delete q.asked;
  delete q.due;
  return q;
}

/** Sets the house's mail as the server does. */
export function setMail(mail: HouseMail, body: unknown): HouseMail {
  const { password, by, replies, ...rest } = body as HouseMailForm;
  const box = (id: string | undefined) => mail.mailboxes.find((b) => b.id === id);
  const ref = (id: string | undefined) => {
    const b = box(id);
    return b && { id: b.id, name: b.name };
  };
  Object.assign(mail, rest, {
    by: ref(by),
    replies: ref(replies),
    hasPassword: password === undefined ? mail.hasPassword : password !== "",
    sender: rest.on ? (box(by)?.address ?? rest.from) : undefined,
  });
  return mail;
}

/** A test: the server "dead" takes nothing. */
export const tryMail = (mail: HouseMail): HouseMailTrial => ({
  to: "ada@acme.example",
  from: mail.sender ?? mail.from,
  seconds: 0.2,
  ...(mail.host.includes("dead") ? { trouble: "the mail server could not be reached" } : {}),
});

/** By when and how anybody can be asked. */
export const way = (mail: HouseMail, at: string) => ({
  due: [{ when: "hour", at }],
  mail: { ready: mail.on, wanted: mail.on, ...(mail.on ? { why: "Bob Carter is not signed in." } : {}) },
});

/** Ends a request in one way or another. */
function endRequest(h: Pretend, state: "answered" | "withdrawn" | "passed"): Handler {
  return ({ path, body }) => {
    const c = [...h.conversations.values()].find((x) => x.requests.some((r) => r.id === path[1]));
    const r = c?.requests.find((x) => x.id === path[1]);
    if (!c || !r) {
      refuse(404, "There is no such request, or it is not for your eyes.");
    }
    if (r.state !== "open") {
      refuse(409, `This request was ${r.state} already: reload the conversation.`);
    }
    Object.assign(r, { state, answer: body["text"] ?? body["reason"] ?? "", endedAt: h.at(0) });
    r.endedBy = { id: h.me.id, name: h.me.name };
    h.event(c, `request ${state}`, `The request to ${r.department.name} was ${state}`);
    return requestOf(h, r);
  };
}

function ask(h: Pretend, { path, body }: Call): Asked {
  const c = h.conversation(path[1]);
  const person = h.people.find((p) => p.id === body["person"]);
  const department = h.departments.find((d) => d.id === body["department"]) ?? refuse(422, "Say whom you ask.");
  const r: Asked = {
    id: h.id("req"), department: { id: department.id, name: department.name }, ...(person ? { person: { id: person.id, name: person.name } } : {}),
    from: { id: h.me.id, name: h.me.name }, text: body["text"] as string, at: h.at(0), due: (body["due"] as string | undefined) ?? h.at(2 * hour),
    state: "open", mine: false, can: [], mail: body["mail"] === true, shows: (body["shows"] as Asked["shows"] | undefined) ?? "conversation",
  }; // prettier-ignore
  c.requests.push(r);
  h.event(c, "asked", `Asked ${person?.name ?? department.name}: ${r.text}`);
  return requestOf(h, r);
}

function askSeveral(h: Pretend, call: Call): { items: Asked[]; next: string } {
  const { to, ...what } = call.body as unknown as { to: Record<string, unknown>[] };
  return { items: to.map((one) => ask(h, { ...call, body: { ...what, ...one } })), next: "" };
}

/** Requests, and how they end. */
export function requestRoutes(h: Pretend): void {
  h.on("POST", "conversations/:/requests", (call) => ask(h, call));
  h.on("POST", "conversations/:/requests/several", (call) => askSeveral(h, call));
  h.on("GET", "requests", () => ({ items: [], next: "" }));
  h.on("GET", "requests/way", () => way(h.houseMail, h.at(hour)));
  h.on("POST", "requests/:/pass", endRequest(h, "passed"));
  h.on("POST", "requests/:/answer", endRequest(h, "answered"));
  h.on("POST", "requests/:/withdraw", endRequest(h, "withdrawn"));
}
