import { useCallback, useMemo } from "react";
import type { Fit, SavedDeed } from "@/api/types";
import { keepDraft, keptDraft, useDraft } from "@/lib/drafts";
import { say } from "@/lib/words";

/** What was put into a reply that is being written: it is told with the reply, so that its use is counted. */
export interface Piece {
  kind: Fit["kind"];
  id: string;
  title: string;
  language: string;
  /** May be said to the contact alone. */
  isPrivate: boolean;
  /** What is done once the reply is accepted. */
  deeds: SavedDeed[];
}

// Not a draft's own name with something behind it: what is called so is kept on the server as what somebody wrote.
const nameOf = (draft: string) => `pieces:${draft}`;

/** Keeps beside a draft what was put into it. */
export function addPiece(draft: string, fit: Fit): void {
  const piece: Piece = {
    kind: fit.kind,
    id: fit.id,
    title: fit.title,
    language: fit.answer?.language ?? "",
    isPrivate: fit.answer?.audience === "private",
    deeds: fit.saved?.moment === "send" ? fit.saved.deeds : [],
  };
  const others = read(keptDraft(nameOf(draft))).filter((p) => p.id !== piece.id);
  keepDraft(nameOf(draft), JSON.stringify([...others, piece]));
}

/** Puts words behind a draft, on a line of their own. */
export function append(draft: string, text: string): void {
  const before = keptDraft(draft).trimEnd();
  keepDraft(draft, before ? `${before}\n\n${text}` : text);
}

/** What was put into the draft of that name, and a way to change it. */
export function usePieces(draft: string): [Piece[], (pieces: Piece[]) => void] {
  const [kept, keep] = useDraft(nameOf(draft));
  const pieces = useMemo(() => read(kept), [kept]);
  return [pieces, useCallback((next) => keep(next.length > 0 ? JSON.stringify(next) : ""), [keep])];
}

function read(kept: string): Piece[] {
  try {
    const list = JSON.parse(kept || "[]") as unknown;
    return Array.isArray(list)
      ? (list as Piece[]).filter((p) => typeof p?.id === "string" && Array.isArray(p.deeds))
      : [];
  } catch {
    return [];
  }
}

const braces = /\{\{\s*([^{}\n]{1,80}?)\s*\}\}/g;

/** The names in double braces that still stand in a text, each once, with where the first stands. */
export function leftIn(text: string): { name: string; from: number; to: number }[] {
  const out: { name: string; from: number; to: number }[] = [];
  for (const m of text.matchAll(braces)) {
    if (!out.some((o) => o.name === m[1])) {
      out.push({ name: m[1]!, from: m.index, to: m.index + m[0].length });
    }
  }
  return out;
}

/** What is typed behind a slash that ends at the caret, where a slash begins a line or follows a blank. */
export function slashAt(text: string, caret: number): { from: number; typed: string } | undefined {
  const m = /(?:^|\s)\/([\p{L}\p{N}\p{M}_-]{0,40})$/u.exec(text.slice(0, caret));
  return m ? { from: caret - m[1]!.length - 1, typed: m[1]! } : undefined;
}

/** A deed of a saved reply in words. */
export function deedName(d: SavedDeed): string {
  switch (d.do) {
    case "tag":
      return say("macro.tag", { tags: (d.tags ?? []).join(", ") });
    case "handover":
      return say("macro.handover", { name: d.person?.name ?? d.department?.name ?? "" });
    case "snooze": {
      const hours = d.hours ?? 0;
      return hours % 24 === 0 && hours > 0
        ? say("macro.snooze.days", { n: hours / 24 })
        : say("macro.snooze", { n: hours });
    }
    default:
      return say(`macro.${d.do}`);
  }
}

/** What a person must be able to do for a deed. */
export const needed = { tag: "tag", handover: "handover", snooze: "snooze", close: "close", note: "note" } as const;
