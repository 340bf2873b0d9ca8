import { expect, it } from "vitest";
import { say, sayOr } from "./words";
import { commonWords } from "./words/common";
import { deskWords } from "./words/desk";

it("fills in what it is given", () => {
  expect(say("did.handover", { name: "Bob Carter" })).toBe("Put through to Bob Carter.");
});

it("chooses between one and many", () => {
  expect(say("contact.followers", { n: 1 })).toBe("1 follower");
  expect(say("contact.followers", { n: 12 })).toBe("12 followers");
});

it("has something to say when a key is not known", () => {
  expect(sayOr("standing.pirate", "pirate")).toBe("pirate");
});

it("says everything in the house's words", () => {
  for (const [key, text] of Object.entries({ ...commonWords, ...deskWords })) {
    expect(text, key).not.toMatch(/\b(tickets?|users?|tasks?|assignee|SLA)\b/i);
  }
});
