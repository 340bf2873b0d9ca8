import { describe, expect, it } from "vitest";
import type { Conversation, ConversationFilter, Delivery, Entry, Row } from "@/api/types";
import { inverse } from "./bulk";
import { patchItems } from "./deeds";
import { answersSince, seenOf } from "./reply";
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

describe("taking back a deed to many", () => {
  const results = [
    { id: "c1", done: true },
    { id: "c2", done: true, same: true },
  ];
  it("asks the server for what was, and leaves what stood like that already", () => {
    expect(inverse({ do: "snooze" }, results)).toEqual([[{ do: "undo", of: "snooze" }, [{ id: "c1" }]]]);
    expect(inverse({ do: "read" }, results)).toEqual([[{ do: "unread" }, [{ id: "c1" }]]]);
  });
  it("is not offered where nothing was changed", () => {
    expect(inverse({ do: "close" }, results.slice(1))).toEqual([]);
    expect(inverse({ do: "unread" }, results)).toEqual([]);
  });
});

describe("somebody answered meanwhile", () => {
  const out = (id: string, personName: string): Entry => ({
    kind: "message", id, at: `2026-11-21T10:00:0${id}Z`, direction: "out", private: false,
    from: { name: "", handle: "", personName }, text: id, media: [],
  }); // prettier-ignore
  const on = (id: string, state: Delivery["state"], name: string) =>
    ({
      id,
      state,
      text: id,
      at: `2026-11-21T10:00:0${id}Z`,
      author: { id: name, name },
      can: [],
      private: false,
    }) as Delivery;
  const talk = (timeline: Entry[], deliveries: Delivery[] = []) =>
    ({ timeline, deliveries }) as unknown as Conversation;
  const sue = { id: "Sue", name: "Sue" };
  const since = (before: Conversation, now: Conversation) => answersSince(now, seenOf(before), sue).map((a) => a.id);
  const begun = talk([out("1", "Tom")], [on("2", "queued", "Tom")]);

  it("when it is in the timeline", () =>
    expect(since(begun, talk([...begun.timeline, out("3", "Tom")]))).toEqual(["3"]));
  it("when it has not left yet", () => expect(since(begun, talk([], [on("3", "queued", "Tom")]))).toEqual(["3"]));
  it("or waits for an approval", () => expect(since(begun, talk([], [on("3", "held", "Tom")]))).toEqual(["3"]));
  it("but not when it was taken back", () => expect(since(begun, talk([], [on("3", "cancelled", "Tom")]))).toEqual([]));
  it("nor when it was there before", () => expect(since(begun, begun)).toEqual([]));
  it("nor when what was on its way has arrived", () => {
    const arrived = { ...out("4", "Tom"), delivery: on("2", "sent", "Tom") } as Entry;
    expect(since(begun, talk([...begun.timeline, arrived], [on("2", "sent", "Tom")]))).toEqual([]);
  });
  it("and not I myself", () => expect(since(begun, talk([out("3", "Sue")], [on("4", "queued", "Sue")]))).toEqual([]));
  it("nobody, when I have not begun to write", () => expect(answersSince(begun, undefined, sue)).toEqual([]));
  it("and the newest that was seen is told", () => expect(seenOf(begun).newest).toBe("2"));
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
