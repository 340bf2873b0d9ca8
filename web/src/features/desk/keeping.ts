import { useSyncExternalStore } from "react";
import type { FoundPromise } from "@/api/types";

/** What somebody changed of a promise that was found: they dismissed it, or say it otherwise. By the sentence it was found in. */
export type Changes = Record<string, FoundPromise | "dismissed">;

/** What somebody decided about promises beside the answer they write: it stays where they look elsewhere, as the words do. */
export interface Decided {
  /** The open promises that it is to keep: ticked there, or by "Tell them now". */
  keeps: string[];
  changes: Changes;
}

const nothing: Decided = { keeps: [], changes: {} };
/** By conversation. */
let all: Record<string, Decided> = {};
const heard = new Set<() => void>();
/** What goes back beside the words of an answer that waits for the line, where it is taken back on this page. By its id. */
const beside = new Map<string, () => void>();

function subscribe(listener: () => void): () => void {
  heard.add(listener);
  return () => heard.delete(listener);
}

export function decide(conversation: string, change: (was: Decided) => Partial<Decided>): void {
  const was = all[conversation] ?? nothing;
  all = { ...all, [conversation]: { ...was, ...change(was) } };
  heard.forEach((tell) => tell());
}

export function addKept(conversation: string, ...promises: string[]): void {
  decide(conversation, ({ keeps }) => ({ keeps: [...new Set([...keeps, ...promises])] }));
}

export function useDecided(conversation: string): Decided {
  return useSyncExternalStore(subscribe, () => all[conversation] ?? nothing);
}

/** Forgets what went with an answer; what was decided since stays. What it returns puts it back beside that. */
export function forgetDecided(conversation: string, { keeps, changes }: Decided): () => void {
  decide(conversation, (now) => ({
    keeps: now.keeps.filter((k) => !keeps.includes(k)),
    changes: Object.fromEntries(Object.entries(now.changes).filter(([sentence, to]) => changes[sentence] !== to)),
  }));
  return () => {
    addKept(conversation, ...keeps);
    decide(conversation, (now) => ({ changes: { ...changes, ...now.changes } }));
  };
}

export function keepBeside(id: string, putBack: () => void): void {
  beside.set(id, putBack);
}

export function putBackBeside(id: string): void {
  beside.get(id)?.();
  beside.delete(id);
}
