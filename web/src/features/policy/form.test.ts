import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RuleForm } from "@/api/types";
import { blank, expressionOf, formOf, whats, whole } from "./form";

/** The list the server is tested against too. */
const kept = JSON.parse(readFileSync("../internal/policy/testdata/forms.json", "utf8")) as {
  form: RuleForm;
  expression: string;
}[];

describe("a rule's form", () => {
  it.each(kept)("stands for $expression", ({ form, expression }) => {
    expect(expressionOf(form)).toBe(expression);
  });

  it.each(kept)("is found again in $expression", ({ form, expression }) => {
    const back = formOf(expression)!;
    expect(back.join === form.join || form.conditions.length === 1).toBe(true);
    expect(back.conditions).toEqual(form.conditions);
  });

  it.each([
    "",
    "nonsense",
    "says(",
    'says("a") and says("b") or says("c")',
    'language == "fr"',
    'says("a")  and says("b")',
    "hour >= 9 and hour < 17",
    "(rating >= 1 and rating <= 2",
    'intent("a") > 0.5',
    '(intent("a") >= 0.5 or intent("b") >= 0.7)',
    "not not (private)",
  ])("cannot show %s", (expression) => {
    expect(formOf(expression)).toBeNull();
  });

  it("begins with conditions that wait to be filled in, or are whole", () => {
    for (const what of whats) {
      const c = blank(what);
      expect(c.what).toBe(what);
      if (whole(c)) {
        expect(formOf(expressionOf({ join: "all", conditions: [c] }))).not.toBeNull();
      }
    }
  });
});
