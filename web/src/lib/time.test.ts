import { describe, expect, it } from "vitest";
import { addDays, ago, brief, instantOf, left, soon, span, wall } from "./time";

const now = Date.parse("2026-11-21T15:00:00Z");
const at = (ms: number) => new Date(now + ms).toISOString();
const minute = 60_000;

describe("a length of time", () => {
  it.each([
    [10_000, "1 min"],
    [12 * minute, "12 min"],
    [90 * minute, "2 h"],
    [30 * 60 * minute, "1 d"],
  ])("%d ms is %s", (ms, text) => expect(span(ms)).toBe(text));
});

describe("a clock", () => {
  it("says what is left", () => expect(left(at(12 * minute), now)).toBe("12 min left"));
  it("says how much it is over", () => expect(left(at(-3 * minute), now)).toBe("3 min over"));
});

describe("a moment", () => {
  it("is now within a minute", () => expect(ago(at(-20_000), now)).toBe("now"));
  it("lies ahead", () => expect(ago(at(2 * 60 * minute), now)).toBe("in 2 h"));
  it("is a time today", () => expect(brief(at(-3 * 60 * minute), now, "Europe/London")).toBe("12:00"));
  it("is a weekday this week", () => expect(brief(at(-3 * 24 * 60 * minute), now, "UTC")).toBe("Wed"));
  it("is a date with its year when that is another", () =>
    expect(brief("2024-03-12T10:00:00Z", now, "UTC")).toBe("12 Mar 2024"));
  it("is of the viewer's day, not of the server's", () =>
    expect(brief(at(-100 * minute), now, "Asia/Tokyo")).toBe("Sat"));
  it("is said as tomorrow", () => expect(soon(at(20 * 60 * minute), now, "UTC")).toBe("tomorrow 11:00"));
});

describe("the wall of a zone", () => {
  it("shows the zone's date and time", () => {
    expect(wall(Date.parse("2026-11-21T23:30:00Z"), "Asia/Tokyo")).toMatchObject({
      date: "2026-11-22",
      time: "08:30",
      weekday: 0,
    });
  });
  it("gives back the instant it shows, on both sides of a change of clocks", () => {
    for (const [date, time] of [
      ["2026-03-28", "09:00"],
      ["2026-03-30", "09:00"],
      ["2026-10-24", "09:00"],
      ["2026-10-26", "09:00"],
    ] as const) {
      expect(wall(instantOf(date, time, "Europe/Berlin"), "Europe/Berlin")).toMatchObject({ date, time });
    }
  });
  it("moves a time that does not exist to one that does", () => {
    const t = instantOf("2026-03-29", "02:30", "Europe/Berlin");
    expect(["01:30", "03:30"]).toContain(wall(t, "Europe/Berlin").time);
  });
  it("adds days over the end of a month", () => expect(addDays("2026-02-27", 3)).toBe("2026-03-02"));
  it("falls back to UTC for a zone it does not know", () => expect(wall(now, "Mars/Olympus").time).toBe("15:00"));
});
