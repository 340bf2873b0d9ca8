import { expect, it } from "vitest";
import { learn, say, sayOr } from "./words";
import { commonWords } from "./words/common";
import { channelWords } from "./words/channel";
import { conversationWords } from "./words/conversation";
import { composerWords } from "./words/composer";
import { deskWords } from "./words/desk";
import { insightWords } from "./words/insight";
import { policyWords } from "./words/policy";
import { postWords } from "./words/post";
import { setupWords } from "./words/setup";
import { staffWords } from "./words/staff";

const all = {
  ...commonWords,
  ...deskWords,
  ...conversationWords,
  ...composerWords,
  ...channelWords,
  ...staffWords,
  ...policyWords,
  ...postWords,
  ...setupWords,
  ...insightWords,
};

it("fills in what it is given", () => {
  expect(say("did.handover", { name: "Bob Carter" })).toBe("Put through to Bob Carter.");
});

it("lets what it is given turn nothing else", () => {
  expect(say("did.handover", { name: "\u2069\u202eBob" })).toBe("Put through to Bob.");
  expect(say("did.handover", { name: "דוד" })).toBe("Put through to \u2068דוד\u2069.");
});

it("chooses between one and many", () => {
  learn(conversationWords);
  expect(say("contact.followers", { n: 1 })).toBe("1 follower");
  expect(say("contact.followers", { n: 12 })).toBe("12 followers");
});

it("has something to say when a key is not known", () => {
  expect(sayOr("standing.pirate", "pirate")).toBe("pirate");
});

it("says everything in the house's words", () => {
  for (const [key, text] of Object.entries(all)) {
    expect(text, key).not.toMatch(/\b(tickets?|users?|tasks?|assignee|SLA)\b/i);
  }
});

it("has nothing to say that nobody says", () => {
  const files = import.meta.glob<string>(["/src/**/*.{ts,tsx}", "!/src/lib/words/**", "!/src/**/*.test.*"], {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const source = Object.values(files).join("\n");
  const made = [...source.matchAll(/`([a-zA-Z.]+\.)\$\{/g)].map((m) => m[1]!);
  const unsaid = Object.keys(all).filter(
    (key) => !source.includes(`"${key}"`) && !made.some((prefix) => key.startsWith(prefix)),
  );
  expect(unsaid).toEqual([]);
});

it("brings the words of a conversation along wherever they are said", () => {
  const files = import.meta.glob<string>(
    ["/src/features/**/*.{ts,tsx}", "/src/app/**/*.{ts,tsx}", "!/src/**/*.test.*"],
    {
      query: "?raw",
      import: "default",
      eager: true,
    },
  );
  const keys = Object.keys(conversationWords);
  const without = Object.entries(files)
    .filter(([name]) => !name.startsWith("/src/features/contact/")) // their page brings them
    .filter(([, text]) => keys.some((key) => text.includes(`say("${key}"`)) && !text.includes('import "./words";'));
  expect(without.map(([name]) => name)).toEqual([]);
});
