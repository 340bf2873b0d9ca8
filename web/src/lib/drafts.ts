import { useCallback, useSyncExternalStore } from "react";

// What somebody writes outlives the page: kept in this browser, by person, until it is sent or emptied. Where it is kept for
// every device as well, that is done beside the typing, never before it: see features/desk/draftKeeper.
const prefix = "draft:";
const age = 30 * 24 * 3600_000;

/** A file that goes with a draft; alt is what it shows, in words. */
export interface DraftFile {
  id: string;
  name: string;
  type: string;
  size: number;
  alt?: string;
}

export interface Kept {
  text: string;
  /** When it was last typed in by this browser's clock, or, when it came from the server, by the server's. */
  at: number;
  files?: DraftFile[];
  /** For the contact's eyes only. */
  private?: boolean;
  /** To whom else it goes, by their addresses. */
  cc?: string[];
  /** The message for whose answer they were chosen: to another one they are not meant. */
  ccFor?: string;
  /** Changed here since the server was told. */
  dirty?: true;
}

const blank: Kept = { text: "", at: 0 };

// Drafts read or written since the page was loaded: true even where storage is full or forbidden.
const known = new Map<string, Kept>();
const listeners = new Set<(name: string) => void>();

/** A draft with what goes with it. */
export function keptWhole(name: string): Kept {
  let kept = known.get(name);
  if (kept === undefined) {
    kept = read(prefix + name) ?? blank;
    known.set(name, kept);
  }
  return kept;
}

export function keptDraft(name: string): string {
  return keptWhole(name).text;
}

/** Whether there is nothing in it. */
export function isBlank(kept: Kept): boolean {
  return kept.text.trim() === "" && !kept.files?.length;
}

/** Keeps words that somebody has typed. With the last word goes to whom else they were to go: the next are other words. */
export function keepDraft(name: string, text: string, now = Date.now()): void {
  const was = keptWhole(name);
  const emptied = was.text.trim() !== "" && text.trim() === "" && Boolean(was.cc?.length);
  amendDraft(name, { text, ...(emptied ? { cc: [] } : {}) }, now);
}

/** Changes something of a draft, as its writer wants it. */
export function amendDraft(
  name: string,
  change: Partial<Pick<Kept, "text" | "files" | "private" | "cc" | "ccFor">>,
  now = Date.now(),
): void {
  put(name, { ...keptWhole(name), ...change, at: now, dirty: true });
}

/**
 * Puts what comes back above what was typed meanwhile. To whom else it goes is then only who was chosen for both: nobody reads words
 * that were not meant for them.
 */
export function putBack(name: string, back: Pick<Kept, "text" | "files" | "private" | "cc" | "ccFor">): void {
  const since = keptWhole(name);
  const typed = since.text.trim() !== "" && since.text.trim() !== back.text.trim();
  const files = back.files ?? [];
  const more = (since.files ?? []).filter((f) => !files.some((g) => g.id === f.id));
  const both = since.ccFor === back.ccFor ? (since.cc ?? []) : [];
  const cc = typed || more.length > 0 ? (back.cc ?? []).filter((a) => both.includes(a)) : (back.cc ?? []);
  amendDraft(name, {
    text: typed ? `${back.text.trimEnd()}\n\n${since.text}` : back.text,
    files: [...files, ...more],
    private: back.private === true || (typed && since.private === true),
    cc,
    ...(back.ccFor ? { ccFor: back.ccFor } : {}),
  });
}

/** What was typed in a draft since these words of it went to be sent: what follows them, or all of it where they were changed. */
export function typedSince(name: string, sent: string): string {
  const now = keptDraft(name).trimStart();
  const words = sent.trim();
  return now.startsWith(words) ? now.slice(words.length).trimStart() : now;
}

/** Takes over what the server has, or has been told. */
export function settleDraft(name: string, kept: Omit<Kept, "dirty">): void {
  put(name, kept);
}

function put(name: string, kept: Kept): void {
  known.set(name, kept);
  try {
    // That it was emptied is kept until the server knows: else the words it still has come back with the next page.
    if (isBlank(kept) && !kept.cc?.length && !kept.dirty) {
      localStorage.removeItem(prefix + name);
    } else {
      localStorage.setItem(prefix + name, JSON.stringify(kept));
    }
  } catch {
    // Storage is full or forbidden: the draft lives as long as the page.
  }
  listeners.forEach((l) => l(name));
}

/** The names of drafts that the server has not been told of, also those of an earlier page. */
export function dirtyDrafts(): string[] {
  try {
    Object.keys(localStorage)
      .filter((k) => k.startsWith(prefix))
      .forEach((k) => keptWhole(k.slice(prefix.length)));
  } catch {
    // Storage is forbidden: what this page knows is all there is.
  }
  return [...known].filter(([, kept]) => kept.dirty).map(([name]) => name);
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

/** Removes what says no more than that a draft was emptied: for the sign-out, after which nobody is there to tell it. */
export function sweepEmptied(): void {
  dirtyDrafts()
    .filter((name) => isBlank(keptWhole(name)))
    .forEach((name) => settleDraft(name, blank));
}

/** Text that survives the page, under a name. */
export function useDraft(name: string): [string, (text: string) => void] {
  const { text } = useKept(name);
  const set = useCallback((next: string) => keepDraft(name, next), [name]);
  return [text, set];
}

/** A draft with what goes with it, under a name. */
export function useKept(name: string): Kept {
  return useSyncExternalStore(onDrafts, () => keptWhole(name));
}

/** Calls the listener with the name of each draft that changes, until the returned function is called. */
export function onDrafts(listener: (name: string) => void): () => void {
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
