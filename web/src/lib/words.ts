/**
 * Every sentence a person can read, by key. English first; another language is another catalogue with the same keys.
 * {name} is filled in; a sentence with a number has its two forms split by "|" (one | other), chosen by {n}.
 */
import { channelWords } from "./words/channel";
import { commonWords } from "./words/common";
import { deskWords } from "./words/desk";
import { setupWords } from "./words/setup";
import { staffWords } from "./words/staff";

const catalogue = { ...commonWords, ...deskWords, ...channelWords, ...staffWords, ...setupWords };

export type Word = keyof typeof catalogue;
export type Filling = Record<string, string | number>;

const plural = new Intl.PluralRules("en");

/** The sentence for key. */
export function say(key: Word, filling: Filling = {}): string {
  let text: string = catalogue[key];
  const n = filling["n"];
  if (typeof n === "number" && text.includes("|")) {
    const [one = "", other = one] = text.split("|");
    text = (plural.select(n) === "one" ? one : other).trim();
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(filling[name] ?? whole));
}

/** The sentence for a key put together at run time, or the fallback when the catalogue has none (an unknown event, a new state). */
export function sayOr(key: string, fallback: string, filling?: Filling): string {
  return key in catalogue ? say(key as Word, filling) : fallback;
}
