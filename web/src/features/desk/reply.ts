import type { Conversation, Delivery } from "@/api/types";

export const undoChoices = [0, 5, 10, 20, 30] as const;

/** What somebody who begins to write now has seen: the newest of it, for the server, and all of it. */
export interface Seen {
  newest: string | undefined;
  ids: Set<string>;
}

/** What of us is there or on its way, with who said it. */
export interface Answer {
  id: string;
  who: string;
  text: string;
  at: string;
  sent: boolean;
}

/** The states of an answer that is there or on its way. */
export const onTheWay: Delivery["state"][] = ["held", "queued", "sending", "sent", "unknown"];

export function seenOf(c: Conversation): Seen {
  const all = [...c.timeline, ...c.deliveries];
  const newest = all.reduce<{ id: string; at: string } | undefined>((a, b) => (a && a.at > b.at ? a : b), undefined);
  return { newest: newest?.id, ids: new Set(all.map((x) => x.id)) };
}

/** The answers of others that were not there when somebody began to write, the first first; also those that have not left yet. */
export function answersSince(c: Conversation, seen: Seen | undefined, me: { id: string; name: string }): Answer[] {
  if (!seen) {
    return [];
  }
  const queued = c.deliveries.filter((d) => onTheWay.includes(d.state) && d.author.id !== me.id && !seen.ids.has(d.id));
  const said = c.timeline.flatMap((e): Answer[] =>
    e.kind === "message" && e.direction === "out" && e.from.personName !== me.name && !seen.ids.has(e.id) && !seen.ids.has(e.delivery?.id ?? "")
      ? [{ id: e.delivery?.id ?? e.id, who: e.from.personName ?? "", text: e.text, at: e.at, sent: true }]
      : [],
  ); // prettier-ignore
  const rest = queued
    .filter((d) => !said.some((s) => s.id === d.id))
    .map((d): Answer => ({ id: d.id, who: d.author.name, text: d.text, at: d.at, sent: d.state === "sent" }));
  return [...said, ...rest].sort((a, b) => a.at.localeCompare(b.at));
}

/** An answer of one's own with these words that was not there when somebody began to write, unless it came to nothing. */
export function saidBefore(c: Conversation, text: string, seen: Seen, me: { id: string }): Delivery | undefined {
  return c.deliveries.find(
    (d) => onTheWay.includes(d.state) && d.author.id === me.id && d.text === text && !seen.ids.has(d.id),
  );
}
