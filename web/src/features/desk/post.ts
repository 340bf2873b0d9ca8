import type { Account, Limits } from "@/api/types";
import { misfit } from "@/lib/limits";
import { shortHandle } from "@/lib/text";
import { say } from "@/lib/words";

/** What all of the accounts take: the files of a post are the same for each. */
export function filesOf(accounts: Account[]): Limits {
  const sizes = accounts.map((a) => a.limits.mediaSize ?? 0).filter((n) => n > 0);
  return {
    text: 0,
    unit: "graphemes",
    media: Math.min(...accounts.map((a) => a.limits.media)),
    ...(sizes.length > 0 ? { mediaSize: Math.min(...sizes) } : {}),
  };
}

/** Whether the words of whoever looks wait for an approval before this account says them. */
export function isHeld(a: Account): boolean {
  return !a.can.includes("reply");
}

/** What is on the button: who speaks, and that everybody can read it. */
export function publishName(chosen: Account[]): string {
  const [first] = chosen;
  if (!first) {
    return say("post.choose");
  }
  const held = chosen.every(isHeld);
  if (chosen.length > 1) {
    return say(held ? "post.publish.held.many" : "post.publish.many", { n: chosen.length });
  }
  return say(held ? "post.publish.held" : "post.publish", { handle: shortHandle(first.handle) });
}

/** Why it can't be published yet as it stands, or undefined when it can. */
export function unfit(chosen: Account[], text: string, alts: string[]): string | undefined {
  if (chosen.length === 0) {
    return say("post.choose");
  }
  for (const a of chosen) {
    const wordless = text.trim() === "" && alts.length > 0;
    const problem = wordless ? undefined : misfit(a.limits, text, false);
    if (problem) {
      return problem;
    }
    const most = a.limits.alt ?? 0;
    if (most > 0 && alts.some((alt) => Array.from(alt).length > most)) {
      return say("post.altLong", { handle: a.handle, n: most });
    }
  }
  return undefined;
}

/** The languages one can say a post is in, by their own English names. */
export function languages(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames("en", { type: "language" });
  const codes = ["ar", "cs", "da", "de", "en", "es", "fi", "fr", "he", "hi", "hu", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "zh"]; // prettier-ignore
  return codes
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label));
}
