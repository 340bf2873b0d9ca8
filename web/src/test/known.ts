/** Contacts of the pretend server, and the search. */
import { refuse } from "./call";
import { rowOf } from "./rows";
import type { Pretend } from "./pretend";

/** Contacts and the search. */
export function contactRoutes(h: Pretend): void {
  h.on("GET", "contacts/:", ({ path }) => {
    const mine = [...h.conversations.values()].filter((c) => c.contact.id === path[1]);
    const c = mine[0] ?? refuse(404, "There is no such contact.");
    return {
      id: c.contact.id,
      name: c.contact.name,
      identities: c.contactIdentities,
      standings: c.contact.standings,
      note: "",
      conversations: mine.map((m) => rowOf(h, m)),
      can: ["edit"],
    };
  });
  h.on("PATCH", "contacts/:", ({ path, body }) => {
    const c =
      [...h.conversations.values()].find((x) => x.contact.id === path[1]) ?? refuse(404, "There is no such contact.");
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
  h.on("GET", "search", ({ query }) => {
    const words = (query.get("q") ?? "").toLowerCase().replace(/\*$/, "");
    const items = [...h.conversations.values()].flatMap(
      (c) =>
      c.timeline
        .filter((e) => e.kind !== "event" && e.text.toLowerCase().includes(words))
        .slice(0, 1)
        .map((e) => ({
          kind: e.kind, conversation: rowOf(h, c), message: e.id, at: e.at, by: c.contact.name, ours: false, snippet: around(e.text, words),
          parts: [{ text: around(e.text, words), hit: true }],
        })), // prettier-ignore
    );
    const others = [
      {
        kind: "answer",
        id: "ans_000000001",
        title: "How a parcel is sent back",
        text: "Within a fortnight, with the slip.",
      },
      { kind: "contact", id: "cnt_silent001", title: "Parcy Quill", text: "@parcy@social.example" },
    ]
      .filter((o) => words.length > 2 && `${o.title} ${o.text}`.toLowerCase().includes(words))
      .map(({ text, ...o }) => ({ ...o, at: new Date(h.now()).toISOString(), parts: [{ text, hit: false }] }));
    return { items: items.slice(0, 20), next: "", people: [], others };
  });
}

function around(text: string, words: string): string {
  const at = text.toLowerCase().indexOf(words);
  return (at > 40 ? "…" : "") + text.slice(Math.max(0, at - 40), at + 80);
}
