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
/** What is not on the shelf yet, or could not be put there: it is known to this page alone. */
const unshelved = new Set<string>();
/** What this page has dropped, though the shelf may not know it yet. */
const dropped = new Set<string>();
const listeners = new Set<() => void>();

function changed(next: Written[]): void {
  all = next;
  listeners.forEach((l) => l());
}

/** Reads the shelf, which other windows write too; what only this page knows stays. */
function load(): Promise<void> {
  loaded ??= shelf
    .kept<Written>()
    .then((list) => {
      const read = list
        .filter((w) => !unshelved.has(w.id) && !dropped.has(w.id))
        .map((w) => (w.state === "sending" ? { ...w, state: "waiting" as const } : w));
      changed([...read, ...all.filter((w) => unshelved.has(w.id))].sort((x, y) => x.at - y.at));
    })
    .catch(() => undefined); // storage is forbidden: nothing outlives the page
  return loaded;
}

function reload(): Promise<void> {
  loaded = undefined; // another window may have sent some, or taken some back
  return load();
}

async function save(w: Written): Promise<void> {
  dropped.delete(w.id);
  unshelved.add(w.id);
  changed([...all.filter((x) => x.id !== w.id), w].sort((x, y) => x.at - y.at));
  await shelf.put(w).then(
    () => unshelved.delete(w.id),
    () => undefined,
  );
}

/** Notes what became of it, unless it was dropped meanwhile, as at sign-out. */
async function mark(w: Written): Promise<void> {
  if (!dropped.has(w.id)) {
    await save(w);
  }
}

async function drop(id: string): Promise<void> {
  unshelved.delete(id);
  dropped.add(id);
  changed(all.filter((w) => w.id !== id));
  await shelf.remove(id).catch(() => undefined);
}

/** Does something while no other window sends or takes back; where it is being done, later or not at all. */
async function alone<T>(work: () => Promise<T>, options: LockOptions = {}): Promise<T | undefined> {
  if (typeof navigator.locks === "undefined") {
    return work();
  }
  return navigator.locks.request("outbox", options, (lock) => (lock ? work() : undefined));
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

/**
 * Takes something back; its words are the caller's. False when it is not there any more: it was sent meanwhile, or taken
 * back in another window. One that is just being sent is waited for.
 */
export async function takeBack(w: Written): Promise<boolean> {
  const taken = await alone(async () => {
    await reload();
    const there = all.some((x) => x.id === w.id);
    await drop(w.id);
    return there;
  });
  return taken ?? false;
}

/** Forgets what a person wrote, at sign-out; what others wrote at this browser stays. */
export async function emptyOutbox(person: string): Promise<void> {
  await reload();
  await Promise.all(all.filter((w) => w.person === person).map((w) => drop(w.id)));
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
 * each thing the server has now. Header says who it is from, where nobody is signed in; else it goes only while the server
 * takes this browser for that person: another may have signed in meanwhile, in another window.
 */
export async function flush(
  person: string,
  sent: (w: Written) => void,
  header: Record<string, string> = {},
): Promise<void> {
  const past = new Set<string>();
  let going = await alone(() => sendNext(person, sent, header, past), { ifAvailable: true });
  while (going) {
    going = await alone(() => sendNext(person, sent, header, past));
  }
}

/**
 * Sends the oldest that waits, as the shelf has it now: it may have been taken back or sent a moment ago. Returns whether
 * to go on; past is what has had its turn.
 */
async function sendNext(
  person: string,
  sent: (w: Written) => void,
  header: Record<string, string>,
  past: Set<string>,
): Promise<boolean> {
  await reload();
  const w = all.find((x) => x.person === person && x.state === "waiting" && !past.has(x.id));
  if (!w) {
    return false;
  }
  past.add(w.id);
  if (Object.keys(header).length === 0 && (await signedIn()) !== person) {
    return false; // later, if ever
  }
  if (w.tried !== undefined && Date.now() - w.tried > remembered) {
    await mark({ ...w, state: "unclear" });
    return true;
  }
  const trying: Written = { ...w, tried: w.tried ?? Date.now(), state: "sending" };
  await mark(trying);
  try {
    const response = await fetch(location.origin + w.path, {
      method: "POST",
      headers: { ...header, "Content-Type": "application/json", "Idempotency-Key": w.id },
      body: JSON.stringify(w.body),
    });
    if (response.ok) {
      await drop(w.id);
      sent(w);
      return true;
    }
    if (response.status >= 500 || response.status === 401 || response.status === 429) {
      await mark({ ...trying, state: "waiting" });
      return false; // later
    }
    const body = (await response.json().catch(() => undefined)) as { detail?: string } | undefined;
    await mark({ ...trying, state: "refused", why: sentence(Problem.from(response.status, body)) });
    return true;
  } catch {
    await mark({ ...trying, state: "waiting" });
    return false; // still no line
  }
}

/** Whom the server takes this browser for. */
async function signedIn(): Promise<string | undefined> {
  try {
    const response = await fetch(location.origin + "/api/session");
    const session = (await response.json()) as { person?: { id: string } };
    return response.ok ? session.person?.id : undefined;
  } catch {
    return undefined; // still no line
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
  unshelved.clear();
  dropped.clear();
}
