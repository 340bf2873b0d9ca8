/**
 * What was written without a connection: kept in this browser, by person, and sent once when the line is back. Each
 * thing has its Idempotency-Key from the start, so that one that arrived although its answer was lost is not said twice.
 */
import { useEffect, useSyncExternalStore } from "react";
import { intentKey, Problem, sentence } from "./http";
import * as shelf from "./keep";

/** Something written that waits. */
export interface Written {
  /** Its Idempotency-Key. */
  id: string;
  person: string;
  /** An answer is what a colleague asked for. */
  kind: "reply" | "note" | "answer";
  /** Where it stands; the question it answers, where the conversation is not to be seen. */
  conversation: string;
  /** Where it is sent to. */
  path: string;
  body: Record<string, unknown>;
  text: string;
  /** The draft it came from, and goes back to when it is taken back. */
  draft: string;
  /** When it was written, in milliseconds. */
  at: number;
  /** When it was first tried: the server may have it since. */
  tried?: number;
  state: "waiting" | "sending" | "refused" | "unclear";
  why?: string;
}

/** How often what waits is tried again while the page is open, in milliseconds: a line may be back without a word. */
const tryAgain = 20_000;

/** The server remembers a key for a day. What was tried longer ago could be said twice. */
const remembered = 20 * 3600_000;

let all: Written[] = [];
let loaded: Promise<void> | undefined;
const listeners = new Set<() => void>();

function changed(next: Written[]): void {
  all = next;
  listeners.forEach((l) => l());
}

function load(): Promise<void> {
  loaded ??= shelf
    .kept<Written>()
    .then((list) =>
      changed(
        list.map((w) => (w.state === "sending" ? { ...w, state: "waiting" as const } : w)).sort((a, b) => a.at - b.at),
      ),
    )
    .catch(() => undefined); // storage is forbidden: nothing outlives the page
  return loaded;
}

async function save(w: Written): Promise<void> {
  changed([...all.filter((x) => x.id !== w.id), w].sort((a, b) => a.at - b.at));
  await shelf.put(w).catch(() => undefined);
}

async function drop(id: string): Promise<void> {
  changed(all.filter((w) => w.id !== id));
  await shelf.remove(id).catch(() => undefined);
}

/** Keeps something to be sent later. With key, a try of it has left already and may have arrived. */
export async function keepForLater(
  w: Omit<Written, "id" | "at" | "state" | "tried">,
  key?: string,
  now = Date.now(),
): Promise<void> {
  await load();
  await save({ ...w, id: key ?? intentKey(), at: now, state: "waiting", ...(key ? { tried: now } : {}) });
}

/** Whether an error means that the line is gone, so that what was written should be kept. */
export function lineIsGone(error: unknown): boolean {
  return error instanceof Problem && error.status === 0;
}

/** Takes something back; its words are the caller's. */
export function takeBack(w: Written): Promise<void> {
  return drop(w.id);
}

/** Forgets everything, at sign-out. */
export async function emptyOutbox(): Promise<void> {
  changed([]);
  await shelf.clear().catch(() => undefined);
}

/** Tries something again that was refused or is unclear: whoever says so has looked. It is a new thing to the server. */
export async function again(w: Written): Promise<void> {
  const rest = { ...w };
  delete rest.tried;
  delete rest.why;
  await drop(w.id);
  const body = w.kind === "reply" ? { ...w.body, force: true } : w.body; // past an answer that the writer has seen by now
  await save({ ...rest, body, id: intentKey(), state: "waiting" });
}

/**
 * Sends what a person wrote, the oldest first, each once: one window of the browser does it at a time. Calls sent for
 * each thing the server has now. Header says who it is from, where nobody is signed in.
 */
export async function flush(
  person: string,
  sent: (w: Written) => void,
  header: Record<string, string> = {},
): Promise<void> {
  await load();
  if (!all.some((w) => w.person === person && w.state === "waiting")) {
    return;
  }
  if (typeof navigator.locks === "undefined") {
    return sendAll(person, sent, header);
  }
  await navigator.locks.request("outbox", { ifAvailable: true }, async (lock) => {
    if (lock) {
      loaded = undefined; // another window may have sent some
      await load();
      await sendAll(person, sent, header);
    }
  });
}

async function sendAll(person: string, sent: (w: Written) => void, header: Record<string, string>): Promise<void> {
  for (const w of all.filter((x) => x.person === person && x.state === "waiting")) {
    if (w.tried !== undefined && Date.now() - w.tried > remembered) {
      await save({ ...w, state: "unclear" });
      continue;
    }
    const trying: Written = { ...w, tried: w.tried ?? Date.now(), state: "sending" };
    await save(trying);
    try {
      const response = await fetch(location.origin + w.path, {
        method: "POST",
        headers: { ...header, "Content-Type": "application/json", "Idempotency-Key": w.id },
        body: JSON.stringify(w.body),
      });
      if (response.ok) {
        await drop(w.id);
        sent(w);
        continue;
      }
      if (response.status >= 500 || response.status === 401 || response.status === 429) {
        await save({ ...trying, state: "waiting" });
        return; // later
      }
      const body = (await response.json().catch(() => undefined)) as { detail?: string } | undefined;
      await save({ ...trying, state: "refused", why: sentence(Problem.from(response.status, body)) });
    } catch {
      await save({ ...trying, state: "waiting" });
      return; // still no line
    }
  }
}

/** Sends what a person wrote as soon as the line is back, while the page is open. What is handed in stays the same. */
export function useFlush(person: string, sent: (w: Written) => void, header?: Record<string, string>): void {
  useEffect(() => {
    // Keeps what waits in step with the line.
    const send = () => void flush(person, sent, header);
    send();
    const timer = setInterval(send, tryAgain);
    window.addEventListener("online", send);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", send);
    };
  }, [person, sent, header]);
}

/** What a person wrote that is not sent yet; of one conversation when it is named. */
export function useWaiting(person: string, conversation?: string): Written[] {
  const list = useSyncExternalStore(subscribe, () => all);
  return list.filter((w) => w.person === person && (!conversation || w.conversation === conversation));
}

function subscribe(listener: () => void): () => void {
  void load();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Forgets what was loaded, as a fresh page does; for tests. */
export function freshOutbox(): void {
  loaded = undefined;
  all = [];
}
