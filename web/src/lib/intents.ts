import { intentKey, Problem } from "./http";

// By what is meant to be done, for as long as the page lives.
const keys = new Map<string, { words: string; key: string }>();

/**
 * The Idempotency-Key of something somebody means to send: the same for as long as they mean the same words, however often it
 * is tried and wherever they look between two tries.
 */
export function keyFor(intent: string, words: unknown): string {
  const said = JSON.stringify(words);
  const known = keys.get(intent);
  if (known?.words === said) {
    return known.key;
  }
  const key = intentKey();
  keys.set(intent, { words: said, key });
  return key;
}

/** It is done, or given up: the next time is another thing. */
export function endIntent(intent: string): void {
  keys.delete(intent);
}

/** Whether the server can't tell what became of an earlier try under the same key. */
export const brokeOff = (error: unknown) =>
  error instanceof Problem && error.status === 409 && (error.kind === "broken-off" || error.kind === "key-used");
