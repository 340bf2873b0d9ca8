import { describe, expect, it } from "vitest";
import { placeOfOurs } from "./place";

const here = "https://desk.example";

/** Sixty ways and more to write an address that is elsewhere and looks as if it were here. */
const elsewhere = (() => {
  const site = "evil.example";
  const begins = [
    "//", "///", "////", "/\\", "\\/", "\\\\", "/\\/", "\\", "/\t/", "/\n/", "\t//", " //", "\u0000//", "\u00a0//", "\u2028//", "\ufeff//", "/\r\n/",
    "https://", "HTTPS://", "https:/", "https:", "https:\\\\", "http://", "ht\ntps://", " https://", "\thttps://", "//desk.example@", "https://desk.example@",
    "https://desk.example:443@", "https://desk.example%40", "https://desk.example.", "//desk.example.", "//desk.example%2f@", "//desk.example%00", "//desk.example#@",
    "//desk.example?@", "https://desk.example\\@", "https://desk.example\\.", "//%5c", "//user:word@", "javascript://", "javascript:", "JaVaScRiPt:", "java\nscript:", "\u0001javascript:",
    "data:text/html,", "vbscript:", "file://", "ftp://", "ws://", "blob:https://", "about:", "mailto:", "view-source:https://", "/\\\\", "/\\\t/", "/ /\\", "\\\t\\", "./\\", "/\u0085/", "/\u200b\\",
  ]; // prettier-ignore
  return begins.map((b) => b + site);
})();

describe("where one was going", () => {
  it("is a place of ours as it is", () => {
    for (const to of [
      "/",
      "/inbox/all",
      "/inbox/mine/con_1?state=closed&q=a%20b#message",
      "/contacts/x?to=//evil.example",
    ]) {
      expect(placeOfOurs(to, here)).toBe(to);
    }
    expect(placeOfOurs(undefined, here)).toBe("/");
    expect(placeOfOurs("", here)).toBe("/");
  });

  it.each(elsewhere)("is never another site's: %j", (to) => {
    const at = placeOfOurs(to, here);
    expect(new URL(at, here).origin).toBe(here);
    expect(at.startsWith("/")).toBe(true);
    expect(at.startsWith("//")).toBe(false);
  });

  it("knows enough tricks", () => expect(elsewhere.length).toBeGreaterThanOrEqual(60));
});
