import { useCallback, useSyncExternalStore } from "react";

// What somebody writes outlives the page: kept in this browser, by person, until it is sent or emptied.
const prefix = "draft:";
const age = 30 * 24 * 3600_000;

interface Kept {
  text: string;
  at: number;
}

// Drafts read or written since the page was loaded: true even where storage is full or forbidden.
const known = new Map<string, string>();
const listeners = new Set<() => void>();

export function keptDraft(name: string): string {
  let text = known.get(name);
  if (text === undefined) {
    text = read(prefix + name)?.text ?? "";
    known.set(name, text);
  }
  return text;
}

export function keepDraft(name: string, text: string, now = Date.now()): void {
  known.set(name, text);
  try {
    if (text.trim() === "") {
      localStorage.removeItem(prefix + name);
    } else {
      localStorage.setItem(prefix + name, JSON.stringify({ text, at: now } satisfies Kept));
    }
  } catch {
    // Storage is full or forbidden: the draft lives as long as the page.
  }
  listeners.forEach((l) => l());
}

/** Forgets what was read so far, as a fresh page does. */
export function forgetDrafts(): void {
  known.clear();
}

/** Removes drafts nobody came back to within a month. */
export function sweepDrafts(now = Date.now()): void {
  try {
    for (const key of Object.keys(localStorage).filter((k) => k.startsWith(prefix))) {
      const kept = read(key);
      if (!kept || now - kept.at > age) {
        localStorage.removeItem(key);
      }
    }
  } catch {
    // Storage is forbidden: nothing to sweep.
  }
}

/** Text that survives the page, under a name. */
export function useDraft(name: string): [string, (text: string) => void] {
  const text = useSyncExternalStore(subscribe, () => keptDraft(name));
  const set = useCallback((next: string) => keepDraft(name, next), [name]);
  return [text, set];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(key: string): Kept | undefined {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null) ?? undefined;
  } catch {
    return undefined;
  }
}
