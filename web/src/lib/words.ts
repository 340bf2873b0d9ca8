/**
 * Every sentence a person can read, by key. English first; another language is another catalogue with the same keys.
 * {name} is filled in; a sentence with a number has its two forms split by "|" (one | other), chosen by {n}.
 */
import type { adviceWords } from "./words/advice";
import type { answerWords } from "./words/answer";
import { bellWords } from "./words/bell";
import type { boardWords } from "./words/board";
import type { channelWords } from "./words/channel";
import type { contactWords } from "./words/contact";
import type { composerWords } from "./words/composer";
import { commonWords } from "./words/common";
import type { conversationWords } from "./words/conversation";
import { deskWords } from "./words/desk";
import type { fittingWords } from "./words/fitting";
import { inboxWords } from "./words/inbox";
import type { insightWords } from "./words/insight";
import type { mailWords } from "./words/mail";
import type { libraryWords } from "./words/library";
import type { notifyWords } from "./words/notify";
import type { policyWords } from "./words/policy";
import type { postWords } from "./words/post";
import type { promiseWords } from "./words/promise";
import type { searchWords } from "./words/search";
import type { setupWords } from "./words/setup";
import type { topicWords } from "./words/topic";
import type { tourWords } from "./words/tour";
import type { staffWords } from "./words/staff";

type Later = typeof adviceWords &
  typeof answerWords &
  typeof mailWords &
  typeof boardWords &
  typeof searchWords &
  typeof channelWords &
  typeof contactWords &
  typeof conversationWords &
  typeof composerWords &
  typeof fittingWords &
  typeof promiseWords &
  typeof insightWords &
  typeof libraryWords &
  typeof notifyWords &
  typeof policyWords &
  typeof postWords &
  typeof setupWords &
  typeof staffWords &
  typeof topicWords &
  typeof tourWords;
export type Word = keyof (typeof commonWords & typeof deskWords & typeof bellWords & typeof inboxWords & Later);

const catalogue: Partial<Record<Word, string>> = { ...commonWords, ...deskWords, ...bellWords, ...inboxWords };

/** Adds the words of screens that are read when first wanted; a page does it before it shows anything. */
export function learn(words: Partial<Record<Word, string>>): void {
  Object.assign(catalogue, words);
}

export type Filling = Record<string, string | number>;

const plural = new Intl.PluralRules("en");

/** The sentence for key. */
export function say(key: Word, filling: Filling = {}): string {
  let text = catalogue[key] ?? key;
  const n = filling["n"];
  if (typeof n === "number" && text.includes("|")) {
    const [one = "", other = one] = text.split("|");
    text = (plural.select(n) === "one" ? one : other).trim();
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => isolated(String(filling[name] ?? whole)));
}

/** What is filled in may turn nothing of the sentence: without marks that turn the writing, and what is written from right to left as an island. */
function isolated(text: string): string {
  const still = text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\u200f]/u.test(still)
    ? `\u2068${still}\u2069`
    : still;
}

/** The sentence for a key put together at run time, or the fallback when the catalogue has none (an unknown event, a new state). */
export function sayOr(key: string, fallback: string, filling?: Filling): string {
  return key in catalogue ? say(key as Word, filling) : fallback;
}
