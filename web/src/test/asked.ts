import type { Answering, Conversation, HouseMail, HouseMailForm, HouseMailTrial, Request, Row } from "@/api/types";

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
export const waitsOf = (c: Pick<Conversation, "requests">, mine: (r: Request) => boolean): Row["waitsFor"] =>
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
