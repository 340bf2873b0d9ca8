/** What the pretend server begins with: the conversations that acme.ts tells, as the API would show them. */
import type { Conversation, Delivery, Entry, MessageEntry, Person, Row } from "../api/types";
import { accountRefs, departmentRefs, hour, minute, type Seed } from "./acme";
import type { Pretend } from "./pretend";

export function plant(h: Pretend, seed: Seed, index: number): void {
  const id = `con_${String(index + 1).padStart(9, "0")}`;
  const person = h.people.find((p) => p.id === seed.person);
  const account = accountRefs[seed.acc];
  const messages = seed.lines.filter(([, from]) => from === "in" || from === "out");
  const last = messages[messages.length - 1]!;
  const limits = h.accounts.find((a) => a.id === account.id)!.limits;
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
    ...(due === undefined ? {} : { clock: { kind: messages.some(([, f]) => f === "out") ? "next" : "first", due: h.at(due * minute), started: h.at(-hour), state: due < 0 ? "breached" : due < 15 ? "warned" : "running" } }),
    ...(state === "snoozed" ? { snoozedUntil: h.at(40 * hour) } : {}),
    lastAt: h.at(-last[0] * minute),
    openedAt: h.at(-messages[0]![0] * minute),
    asked: 0,
    waitsFor: [],
    promised: 0,
    promisedMine: false,
    can: [],
  }; // prettier-ignore
  const conversation: Conversation = {
    ...row,
    timeline: seed.lines.map(([ago, from, text], i) => line(h, seed, from, text, ago, `${id}${i}`)),
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
    suggestions: person ? [] : suggested(h, seed.dep),
    deliveries: [],
    requests: [],
    promises: [],
    others: [],
    replyAs: { account: account.id, handle: account.handle, private: seed.private ?? false, held: false, limits, to: seed.handle, parent: `${id}${seed.lines.findLastIndex(([, from]) => from === "in")}` },
    viewers: index === 0 ? [{ id: "per_tom000001", name: "Tom Adeyemi", doing: "looking", until: h.at(minute) }] : [],
  }; // prettier-ignore
  if (seed.delivery) {
    conversation.deliveries.push(plantedDelivery(h, seed, person, id));
  }
  h.conversations.set(id, conversation);
}

function line(h: Pretend, seed: Seed, from: Seed["lines"][number][1], text: string, ago: number, id: string): Entry {
  const at = h.at(-ago * minute);
  const who = h.people.find((p) => p.id === seed.person) ?? h.people[1]!;
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

function plantedDelivery(h: Pretend, seed: Seed, person: Person | undefined, id: string): Delivery {
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
  const who = person ?? h.people[0]!;
  return {
    id: `del_${id.slice(4)}`,
    state: seed.delivery!,
    text,
    reason,
    author: { id: who.id, name: who.name },
    at: h.at(-4 * minute),
    private: seed.private ?? false,
    can,
  };
}

function suggested(h: Pretend, dep: keyof typeof departmentRefs) {
  const first = h.people
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
