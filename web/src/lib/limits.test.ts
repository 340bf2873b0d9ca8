import { describe, expect, it } from "vitest";
import { count, type Limits, misfit, most } from "./limits";

const mastodon: Limits = { text: 500, unit: "codepoints", url: 23, shortAt: true };
const bluesky: Limits = { text: 300, unit: "graphemes", bytes: 3000, privateText: 1000, privateBytes: 10_000 };

describe("the count of a text", () => {
  const cases: [name: string, limits: Limits, text: string, n: number][] = [
    ["a plain text counts its characters", mastodon, "hello", 5],
    ["an address counts 23, however long", mastodon, `see https://acme.example/${"x".repeat(200)}`, 4 + 23],
    ["two addresses count twice", mastodon, "https://a.example http://b.example", 23 + 1 + 23],
    ["a full stop behind an address is none of it", mastodon, "see https://acme.example/y.", 4 + 23 + 1],
    ["nor is a bracket that was opened before it", mastodon, "(https://acme.example/y?), so", 1 + 23 + 6],
    ["one that was opened in it is", mastodon, "https://acme.example/y_(z)", 23],
    ["nothing behind the slashes is no address", mastodon, "https://... what", 16],
    ["of a mention only the name counts", mastodon, "@acme_help@social.example hi", "@acme_help hi".length],
    ["an address may end with a scheme", mastodon, "https://acme.example/http://", 23],
    ["flags do not meet over an address", { ...mastodon, unit: "graphemes" }, "🇩https://acme.example/🇪", 1 + 23 + 1],
    ["an address of e-mail is no mention, a host may be one letter", mastodon, "ann@acme.example, @b@c", 18 + 2],
    ["a family is one grapheme", bluesky, "👨‍👩‍👧‍👦", 1],
    ["a family is seven code points", mastodon, "👨‍👩‍👧‍👦", 7],
    ["an accent made of two is one grapheme", bluesky, "e\u0301", 1],
    ["bytes are UTF-8 bytes", { text: 10, unit: "bytes" }, "é€😀", 2 + 3 + 4],
    ["without a rule for addresses they count their length", bluesky, "https://acme.example", 20],
  ];
  it.each(cases)("%s", (_, limits, text, n) => {
    expect(count(limits, text)).toBe(n);
  });
});

describe("what does not fit", () => {
  it("says that there is nothing in it", () => {
    expect(misfit(bluesky, "  \n", false)).toMatch(/nothing/);
  });
  it("says by how much it is too long", () => {
    expect(misfit(bluesky, "x".repeat(301), false)).toBe("It is 1 character too long.");
    expect(misfit(bluesky, "x".repeat(312), false)).toBe("It is 12 characters too long.");
  });
  it("allows more in private where the channel does", () => {
    expect(most(bluesky, true)).toBe(1000);
    expect(misfit(bluesky, "x".repeat(900), true)).toBeUndefined();
  });
  it("knows the second limit, in bytes", () => {
    // 250 families are few graphemes and many bytes.
    expect(misfit(bluesky, "👨‍👩‍👧‍👦".repeat(250), false)).toMatch(/bytes too long/);
  });
  it("knows that a private message may be longer in bytes too", () => {
    expect(misfit(bluesky, "👨‍👩‍👧‍👦".repeat(250), true)).toBeUndefined();
    expect(misfit(bluesky, "👨‍👩‍👧‍👦".repeat(410), true)).toBe("It is 250 bytes too long.");
  });
  it("lets everything pass where there is no limit", () => {
    expect(misfit({ text: 0, unit: "graphemes" }, "x".repeat(100_000), false)).toBeUndefined();
  });
});
