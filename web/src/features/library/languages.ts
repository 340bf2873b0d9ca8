import { languageName } from "@/lib/text";

const offered = "en de fr es it nl pt pl da sv no fi cs hu ro tr el ru uk ar he hi ja ko zh".split(" ");

/** The languages that are offered, by their names; those of an entry are always among them. */
export function languages(also: string[] = []): { value: string; label: string }[] {
  return [...new Set([...offered, ...also])].map((value) => ({ value, label: languageName(value) }));
}
