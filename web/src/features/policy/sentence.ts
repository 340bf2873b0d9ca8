import type { RuleForm } from "@/api/types";
import { say, sayOr } from "@/lib/words";
import { type Condition, whole } from "./form";

/** A list as one says it: a, b or c. */
function listed(values: string[]): string {
  return values.length < 2
    ? (values[0] ?? "")
    : `${values.slice(0, -1).join(", ")} ${say("when.or")} ${values[values.length - 1]!}`;
}

/** What a value is called. intents says so for those. */
export function called(what: string, value: string, intent: (key: string) => string): string {
  switch (what) {
    case "intent":
      return intent(value);
    case "words":
    case "topic":
      return `“${value}”`;
    case "urgency":
      return sayOr(`urgency.${value}.plain`, value);
    case "standing":
      return sayOr(`standing.${value}`, value);
    case "kind":
      return sayOr(`kind.${value}`, value);
    case "weekday":
      return sayOr(`weekday.${value}`, value);
    default:
      return value;
  }
}

function clause(c: Condition, intent: (key: string) => string): string {
  const list = listed((c.values ?? []).map((v) => called(c.what, v, intent)));
  const said = sayOr(`when.${c.what}`, c.what, { list, from: c.from ?? 0, to: c.to ?? 0 });
  return c.not ? say("when.not", { what: said }) : said;
}

/** A form as the beginning of a sentence; "" while nothing is filled in. */
export function whenSentence(form: RuleForm, intent: (key: string) => string): string {
  const clauses = form.conditions.filter(whole).map((c) => clause(c, intent));
  const joint = form.join === "any" ? say("when.or") : say("when.and");
  return clauses.length === 0 ? "" : say("when.start", { what: clauses.join(`, ${joint} `) });
}
