import { expect, it } from "vitest";
import { own, places, views } from "@/app/goto";
import { conversationActions } from "./actions";
import { answerActions } from "./answerActions";
import { deliveryActions } from "./deliveries";

/** What is the other way round: never both at once. */
const either = [
  ["snooze", "wake"],
  ["close", "reopen"],
  ["aside", "unaside"],
];

it("has a key for every deed of a conversation, and none for two", () => {
  const keys = new Map([..."jkx/123"].map((k) => [k, k]));
  for (const { id, key } of [...conversationActions, ...answerActions]) {
    expect(key, `${id} has no key`).toBeTruthy();
    const other = keys.get(key!);
    const apart = other && either.some((pair) => pair.includes(other) && pair.includes(id));
    expect(!other || apart, `${key} is for ${id} and for ${other}`).toBe(true);
    keys.set(key!, id);
  }
});

it("lets nothing go out by a single key that neither asks nor can be taken back", () => {
  const keyed = deliveryActions.filter((a) => a.key).map((a) => a.id);
  expect(keyed).not.toContain("approve");
  expect(keyed).not.toContain("retry");
});

it("has a key for every place, and none for two", () => {
  const keys = [...views, ...places, ...own].map((p) => p.key);
  expect(keys).toEqual([...new Set(keys)]);
});
