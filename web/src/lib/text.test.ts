import { describe, expect, it } from "vitest";
import { firstVisible, initials, safeHref, shortHandle, size, stretches } from "./text";

describe("links in a text", () => {
  it("are found, without the full stop after them", () => {
    expect(stretches("See https://acme.example/a. Thanks")).toEqual([
      { text: "See " },
      { text: "https://acme.example/a", href: "https://acme.example/a" },
      { text: ". Thanks" },
    ]);
  });
  it("keep a bracket that belongs to them", () => {
    expect(stretches("https://a.example/x_(y)")[0]?.href).toBe("https://a.example/x_(y)");
    expect(stretches("(https://a.example/x)")[1]?.href).toBe("https://a.example/x");
  });
  it.each(["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", " https", "//evil.example"])(
    "never go to %s",
    (text) => {
      expect(stretches(text).every((s) => s.href === undefined)).toBe(true);
      expect(safeHref(text)).toBeUndefined();
    },
  );
  it("do not take long for a long text without a space", () => {
    expect(stretches("x".repeat(1_000_000))).toHaveLength(1);
  });
});

it("makes initials of any name", () => {
  expect(initials("Rowan Blake")).toBe("RB");
  expect(initials("@rowan")).toBe("R");
  expect(initials("")).toBe("?");
  expect(initials("😀 Smile")).toBe("😀S");
});

it("shortens a handle to its name, but not an e-mail address", () => {
  expect(shortHandle("@acme_help@social.example")).toBe("@acme_help");
  expect(shortHandle("help@acme.example")).toBe("help@acme.example");
  expect(shortHandle("@acme.example")).toBe("@acme.example");
});

it("says a size as people do", () => {
  expect(size(512)).toBe("512 B");
  expect(size(1_500_000)).toBe("1.5 MB");
});

describe("a name", () => {
  it("in which there is nothing to see is passed over", () => {
    expect(firstVisible("\u200b\u2062", "\u3164 ", undefined, "@kim")).toBe("@kim");
    expect(firstVisible("🦊", "@fox")).toBe("🦊");
    expect(firstVisible("", "\u2800")).toBeUndefined();
  });
});
