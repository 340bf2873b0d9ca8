import { say } from "./words";

/** How much an account may say: the API's Limits. */
export interface Limits {
  text: number;
  unit: "graphemes" | "codepoints" | "bytes";
  bytes?: number;
  /** What each address counts, whatever its length; 0 or absent: its length. */
  url?: number;
  /** Of @name@host only @name counts. */
  shortAt?: boolean;
  privateText?: number;
  /** A second limit of a private message, if another than bytes. */
  privateBytes?: number;
}

// The same rule as internal/channel/limits.go: the composer and the connector must never disagree about what fits.
const address = /https?:\/\/[^\t\n\f\r <>"]+/g;
const mention =
  /(^|[^=/\p{L}\p{M}\p{Nd}\p{Pc}])(@[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@[\p{L}\p{M}\p{Nd}\p{Pc}]+(?:[.-]+[\p{L}\p{M}\p{Nd}\p{Pc}]+)*/gu;

/** An address without what stands behind it in a sentence: punctuation, and a bracket that was opened before it. */
function cut(found: string): string {
  const runes = Array.from(found);
  for (;;) {
    const last = runes.at(-1) ?? "";
    const whole = last === ")" && runes.filter((r) => r === "(").length >= runes.filter((r) => r === ")").length;
    if (whole || /[\p{L}\p{M}\p{N}=_#/+-]/u.test(last)) {
      return runes.join("");
    }
    runes.pop();
  }
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const encoder = new TextEncoder();

/** The length of text by the channel's rule. */
export function count(limits: Limits, text: string): number {
  if (limits.url) {
    const inPlace = "x".repeat(limits.url);
    text = text.replace(address, (found) => {
      const own = cut(found);
      return own === "http://" || own === "https://" ? found : inPlace + found.slice(own.length);
    });
  }
  if (limits.shortAt) {
    text = text.replace(mention, "$1$2");
  }
  switch (limits.unit) {
    case "bytes":
      return bytes(text);
    case "codepoints":
      return Array.from(text).length;
    default:
      return graphemes(text);
  }
}

/** The longest text that may be said, 0 for no limit. */
export function most(limits: Limits, isPrivate: boolean): number {
  return isPrivate && limits.privateText ? limits.privateText : limits.text;
}

/** Why text may not be said as it is, or undefined when it may. */
export function misfit(limits: Limits, text: string, isPrivate: boolean): string | undefined {
  if (text.trim() === "") {
    return say("limits.empty");
  }
  const limit = most(limits, isPrivate);
  const over = limit > 0 ? count(limits, text) - limit : 0;
  if (over > 0) {
    return limits.unit === "bytes" ? say("limits.bytes", { n: over }) : say("limits.characters", { n: over });
  }
  const mostBytes = (isPrivate && limits.privateBytes) || limits.bytes;
  const overBytes = mostBytes ? bytes(text) - mostBytes : 0;
  return overBytes > 0 ? say("limits.bytes", { n: overBytes }) : undefined;
}

function bytes(text: string): number {
  return encoder.encode(text).length;
}

function graphemes(text: string): number {
  return Array.from(segmenter.segment(text)).length;
}
