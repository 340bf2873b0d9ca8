import type { VerdictFilter } from "@/api/types";

const texts = ["from", "until", "said", "was", "notOf", "account"] as const;
const numbers = ["days", "least", "below"] as const;
const truths = ["settled", "corrected"] as const;
const words = {
  found: ["right", "wrong", "among", "missed"],
  by: ["rule", "map", "model", "operator", "machine", "asked"],
  how: ["answered", "handed over", "suggestion taken", "claimed"],
};

/** Reads a filter from an address; what is no part of one is left out. */
export function readVerdictFilter(search: Record<string, unknown>): VerdictFilter {
  const out: Record<string, unknown> = {};
  for (const name of texts) {
    const value = search[name];
    if ((typeof value === "string" && value) || typeof value === "number") {
      out[name] = String(value);
    }
  }
  for (const name of numbers) {
    const value = Number(search[name]);
    if (search[name] !== undefined && Number.isFinite(value) && value >= 0) {
      out[name] = value;
    }
  }
  for (const name of truths) {
    if (search[name] === true || search[name] === "true") {
      out[name] = true;
    }
  }
  for (const [name, known] of Object.entries(words)) {
    if (known.includes(search[name] as string)) {
      out[name] = search[name];
    }
  }
  return out;
}

export const spans = [7, 30, 90];

/** Reads the span of the scoreboard from an address. */
export function readDays(search: Record<string, unknown>): { days?: number } {
  const days = Number(search["days"]);
  return spans.includes(days) ? { days } : {};
}

/** A share as people read it: "87 %". */
export function percent(share: { n: number; of: number } | number): string {
  const rate = typeof share === "number" ? share : share.of ? share.n / share.of : undefined;
  return rate === undefined ? "–" : `${Math.round(rate * 100)} %`;
}

/** A share as a number, undefined of nothing. */
export function rate({ n, of }: { n: number; of: number }): number | undefined {
  return of ? n / of : undefined;
}
