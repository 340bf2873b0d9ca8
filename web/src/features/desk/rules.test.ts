import { describe, expect, it } from "vitest";
import type { ConversationFilter, Entry, Row } from "@/api/types";
import { patchItems } from "./deeds";
import { answeredSince } from "./reply";
import { snoozeChoices } from "./snooze";

describe("a row after a deed", () => {
  const row = { id: "c1", state: "open", setAside: false, owner: { department: { id: "d", name: "D" } } } as Row;
  const other = { ...row, id: "c2" };
  const filter: ConversationFilter = { view: "all", state: "open", sort: "newest" };
  const left = (patch: Partial<Row>, f: Partial<ConversationFilter> = {}) =>
    patchItems([row, other], "c1", patch, { ...filter, ...f }).map((r) => r.id);
  it("stays where it still belongs", () => expect(left({ tags: ["x"] })).toEqual(["c1", "c2"]));
  it("goes when it was closed", () => expect(left({ state: "closed" })).toEqual(["c2"]));
  it("goes when it was set aside", () => expect(left({ setAside: true })).toEqual(["c2"]));
  it("goes from what nobody has when somebody took it", () => {
    expect(left({ owner: { ...row.owner, person: { id: "p", name: "P" } } }, { view: "unowned" })).toEqual(["c2"]);
  });
});

describe("somebody answered meanwhile", () => {
  const out = (id: string, personName: string): Entry => ({
    kind: "message",
    id,
    at: "",
    direction: "out",
    private: false,
    from: { name: "", handle: "", personName },
    text: "",
    media: [],
  });
  const timeline = [out("1", "Tom"), out("2", "Sue"), out("3", "Tom")];
  it("after what I have seen", () => expect(answeredSince(timeline, "2", "Sue")).toBe("Tom"));
  it("but not before", () => expect(answeredSince(timeline, "3", "Sue")).toBeUndefined());
  it("and not I myself", () => expect(answeredSince(timeline, "1", "Sue")).toBe("Tom"));
  it("nobody, when I have not begun to write", () => expect(answeredSince(timeline, undefined, "Sue")).toBeUndefined());
});

describe("the times to snooze until", () => {
  const names = (iso: string) => snoozeChoices(Date.parse(iso), "Europe/Berlin").map((c) => c.name);
  it("come soonest first, and all lie ahead", () => {
    const now = Date.parse("2026-11-21T10:00:00Z");
    const times = snoozeChoices(now, "Europe/Berlin").map((c) => Date.parse(c.until));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.min(...times)).toBeGreaterThan(now);
  });
  it("offer no evening that is over", () => {
    expect(names("2026-11-20T10:00:00Z")).toContain("This evening");
    expect(names("2026-11-20T18:00:00Z")).not.toContain("This evening");
  });
  it("name Monday once when tomorrow is Monday", () => {
    const now = Date.parse("2026-11-22T10:00:00Z");
    const times = snoozeChoices(now, "Europe/Berlin").map((c) => c.until);
    expect(new Set(times).size).toBe(times.length);
  });
  it("mean nine o'clock on the viewer's wall", () => {
    const monday = snoozeChoices(Date.parse("2026-11-20T10:00:00Z"), "Asia/Tokyo").find(
      (c) => c.name === "Monday morning",
    );
    expect(monday?.until).toBe("2026-11-23T00:00:00.000Z");
  });
});
