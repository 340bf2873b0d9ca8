/**
 * The form a rule is built from, the expression it stands for, and the way back. The server makes the same expression
 * (internal/policy/form.go) and it is the server's that counts: both are tested against the same list.
 */
import type { RuleForm } from "@/api/types";

export type Condition = RuleForm["conditions"][number];

/** Everything a condition can ask for, in the order it is offered. */
export const whats = [
  "words", "intent", "standing", "account", "channel", "language", "topic", "urgency", "private", "weekday", "hours",
  "followers", "rating", "kind",
] as const; // prettier-ignore
export type What = (typeof whats)[number];

/** How a condition's answer is given. */
export type Shape = "words" | "choice" | "truth" | "hours" | "followers" | "rating";

export function shapeOf(what: string): Shape {
  switch (what) {
    case "private":
      return "truth";
    case "hours":
    case "followers":
    case "rating":
      return what;
    case "words":
    case "topic":
      return "words";
    default:
      return "choice";
  }
}

/** A new condition, ready to be filled in. */
export function blank(what: What): Condition {
  switch (shapeOf(what)) {
    case "truth":
      return { what };
    case "hours":
      return { what, from: 9, to: 17 };
    case "followers":
      return { what, from: 10_000 };
    case "rating":
      return { what, from: 1, to: 2 };
    default:
      return { what, values: [], ...(what === "intent" ? { sure: 0.5 } : {}) };
  }
}

/** Whether a condition says enough to be tried. */
export function whole(c: Condition): boolean {
  return ["words", "choice"].includes(shapeOf(c.what)) ? (c.values ?? []).length > 0 : true;
}

const quote = (s: string) => `"${s.replace(/\\/g, "\\\\").replace(/"/g, '\\"')}"`;
const either = (values: string[], say: (v: string) => string) => `(${values.map(say).join(" or ")})`;

function plain(c: Condition): string {
  const values = c.values ?? [];
  const { from = 0, to = 0 } = c;
  switch (c.what) {
    case "words":
      return `says(${values.map(quote).join(", ")})`;
    case "private":
      return "private";
    case "hours":
      return `(hour >= ${from} ${from < to ? "and" : "or"} hour < ${to})`;
    case "followers":
      return `followers >= ${from}`;
    case "rating":
      return `(rating >= ${from} and rating <= ${to})`;
    case "intent":
      return either(values, (v) => `intent(${quote(v)}) >= ${c.sure ?? 0.5}`);
    case "standing":
    case "topic":
      return either(values, (v) => `${c.what}(${quote(v)})`);
    default:
      return `${c.what} in [${values.map(quote).join(", ")}]`;
  }
}

function negated(c: Condition): string {
  const e = plain(c);
  return !c.not ? e : e.startsWith("(") ? `not ${e}` : `not (${e})`;
}

/** The expression a form stands for. */
export function expressionOf(form: RuleForm): string {
  return form.conditions.map(negated).join(form.join === "any" ? " or " : " and ");
}

/** The form that stands for an expression; null for one that only a hand could have written. */
export function formOf(expression: string): RuleForm | null {
  const parts = split(expression.trim());
  if (!parts) {
    return null;
  }
  const conditions = parts.parts.map(conditionOf);
  if (conditions.some((c) => !c)) {
    return null;
  }
  const form: RuleForm = { join: parts.join, conditions: conditions as Condition[] };
  return expressionOf(form) === expression.trim() ? form : null;
}

/** The parts between the ands, or the ors, that stand outside quotation marks and parentheses. */
function split(e: string): { join: "all" | "any"; parts: string[] } | null {
  const parts: string[] = [];
  const joins = new Set<string>();
  let depth = 0;
  let start = 0;
  for (let i = 0; i < e.length; i++) {
    if (e[i] === '"') {
      for (i++; i < e.length && e[i] !== '"'; i++) {
        if (e[i] === "\\") {
          i++;
        }
      }
    } else if ("([".includes(e[i]!)) {
      depth++;
    } else if (")]".includes(e[i]!)) {
      depth--;
    } else if (depth === 0) {
      const joint = / (and|or) /y;
      joint.lastIndex = i;
      const found = joint.exec(e);
      if (found) {
        joins.add(found[1]!);
        parts.push(e.slice(start, i));
        start = i + found[0].length;
        i = start - 1;
      }
    }
  }
  parts.push(e.slice(start));
  return depth !== 0 || joins.size > 1 ? null : { join: joins.has("or") ? "any" : "all", parts };
}

const text = String.raw`"(?:[^"\\]|\\.)*"`;
const texts = String.raw`${text}(?:, ${text})*`;
const patterns: [RegExp, (m: RegExpExecArray) => Condition][] = [
  [new RegExp(`^says\\((${texts})\\)$`), (m) => ({ what: "words", values: unquoted(m[1]!) })],
  [/^private$/, () => ({ what: "private" })],
  [/^\(hour >= (\d+) (?:and|or) hour < (\d+)\)$/, (m) => ({ what: "hours", from: Number(m[1]), to: Number(m[2]) })],
  [/^followers >= (\d+)$/, (m) => ({ what: "followers", from: Number(m[1]) })],
  [/^\(rating >= (\d) and rating <= (\d)\)$/, (m) => ({ what: "rating", from: Number(m[1]), to: Number(m[2]) })],
  [
    new RegExp(`^\\((intent\\(${text}\\) >= ([\\d.]+)(?: or intent\\(${text}\\) >= [\\d.]+)*)\\)$`),
    (m) => ({ what: "intent", values: unquoted(m[1]!), sure: Number(m[2]) }),
  ],
  [
    new RegExp(`^\\(((standing|topic)\\(${text}\\)(?: or (?:standing|topic)\\(${text}\\))*)\\)$`),
    (m) => ({ what: m[2]!, values: unquoted(m[1]!) }),
  ],
  [
    new RegExp(`^(account|channel|language|kind|urgency|weekday) in \\[(${texts})\\]$`),
    (m) => ({ what: m[1]!, values: unquoted(m[2]!) }),
  ],
];

function unquoted(list: string): string[] {
  return [...list.matchAll(new RegExp(text, "g"))].map((m) => m[0].slice(1, -1).replace(/\\(.)/g, "$1"));
}

function conditionOf(part: string): Condition | null {
  if (part.startsWith("not (")) {
    const c = conditionOf(part.slice(4)) ?? conditionOf(part.slice(5, -1));
    return c && { ...c, not: true };
  }
  for (const [pattern, make] of patterns) {
    const m = pattern.exec(part);
    if (m) {
      return make(m);
    }
  }
  return null;
}
