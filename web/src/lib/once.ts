import { keepDraft, typedSince } from "./drafts";
import { brokeOff, endIntent, keyFor } from "./intents";
import { keepForLater, lineIsGone, type Written } from "./outbox";

/** A few words on their way to the server. */
type Words = Pick<Written, "person" | "kind" | "conversation" | "path" | "text" | "draft">;

/**
 * Sends words once, under one key for as long as they stay the same. Without a line they are kept, and sent when it is
 * back. Either way they leave their draft, and what was typed there since stays. Returns what the server said; undefined
 * when they are kept.
 */
export async function sendOnce<T>(words: Words, send: (key: string) => Promise<T>): Promise<T | undefined> {
  const key = keyFor(words.draft, words.text);
  try {
    const said = await send(key);
    endIntent(words.draft);
    leaveDraft(words);
    return said;
  } catch (error) {
    if (brokeOff(error)) {
      endIntent(words.draft); // who sends it once more has been told to look first
    }
    if (!lineIsGone(error)) {
      throw error;
    }
    await keepForLater({ ...words, body: { text: words.text } }, key);
    endIntent(words.draft);
    leaveDraft(words);
    return undefined;
  }
}

function leaveDraft({ draft, text }: Words): void {
  keepDraft(draft, typedSince(draft, text));
}
