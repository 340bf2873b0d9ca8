import type { Conversation, Entry } from "@/api/types";

/** How somebody likes their answers to leave; kept in this browser. */
export interface Habits {
  /** Seconds in which an answer can be taken back before it leaves. */
  undo: number;
  /** What becomes of the conversation afterwards. */
  then: "waiting" | "close" | "open";
}

export const undoChoices = [0, 5, 10, 20, 30];

export function readHabits(): Habits {
  try {
    const kept = JSON.parse(localStorage.getItem("habits") ?? "{}") as Partial<Habits>;
    return {
      undo: undoChoices.includes(kept.undo ?? -1) ? kept.undo! : 10,
      then: kept.then === "close" || kept.then === "open" ? kept.then : "waiting",
    };
  } catch {
    return { undo: 10, then: "waiting" };
  }
}

export function keepHabits(habits: Habits): void {
  try {
    localStorage.setItem("habits", JSON.stringify(habits));
  } catch {
    // Storage is forbidden: the habit lasts as long as the page.
  }
}

/** The last entry of the timeline: what somebody who begins to write now has seen. */
export function lastEntry(c: Conversation): string | undefined {
  return c.timeline[c.timeline.length - 1]?.id;
}

/**
 * Who of us answered after `seen`, apart from me; undefined when nobody did. "" when an answer is there whose author
 * is not told.
 */
export function answeredSince(timeline: Entry[], seen: string | undefined, me: string): string | undefined {
  if (!seen) {
    return undefined;
  }
  const from = timeline.findIndex((e) => e.id === seen);
  const answer = timeline
    .slice(from + 1)
    .find((e) => e.kind === "message" && e.direction === "out" && e.from.personName !== me);
  return answer?.kind === "message" ? (answer.from.personName ?? "") : undefined;
}
