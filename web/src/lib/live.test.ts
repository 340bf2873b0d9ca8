import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { gather, listen, touched } from "./live";

const entry = { what: "message arrived", at: "", seq: 1 };

describe("what an entry touches", () => {
  it("is its conversation, the lists, the counters, threads and the board", () => {
    expect(touched({ ...entry, conversation: "c1" })).toEqual([
      ["conversation", "c1"],
      ["conversations"],
      ["counts"],
      ["thread"],
      ["board"],
    ]);
  });
  it("is the session too when something is stopped", () => {
    expect(touched({ ...entry, what: "stopped" })).toContainEqual(["session"]);
  });
  it("is never everything", () => {
    expect(touched({ ...entry, what: "something nobody knows" })).toEqual([]);
  });
});

describe("gathering", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  it("hands the first on at once, and fifty in a second at most a few times", () => {
    const flushed: number[] = [];
    const g = gather((keys) => flushed.push(keys.length), 400);
    g.add([["counts"]]);
    vi.advanceTimersByTime(25);
    expect(flushed).toEqual([1]);
    for (let i = 0; i < 50; i++) {
      g.add([["counts"], ["conversation", `c${i}`]]);
      vi.advanceTimersByTime(20);
    }
    vi.advanceTimersByTime(1000);
    expect(flushed.length).toBeLessThan(7);
    expect(flushed.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(50);
    g.stop();
  });
});

/** An EventSource whose far side is the test. */
class Source extends EventTarget {
  static made: Source[] = [];
  readyState = 1;
  onopen?: () => void;
  onerror?: () => void;
  constructor(readonly url: string) {
    super();
    Source.made.push(this);
  }
  close() {
    this.readyState = 2;
  }
  say(type: string, data = "{}", lastEventId = "") {
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId }));
  }
}

describe("the live feed", () => {
  beforeEach(() => {
    Source.made = [];
    vi.stubGlobal("EventSource", Source);
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
  const handlers = () => ({ entry: vi.fn(), reload: vi.fn(), session: vi.fn(), state: vi.fn() });

  it("hands entries on, and a reload", () => {
    const h = handlers();
    const stop = listen(h);
    const source = Source.made[0]!;
    source.say("entry", JSON.stringify({ ...entry, conversation: "c1" }), "7");
    source.say("entry", "not json");
    source.say("reload");
    source.say("session");
    expect(h.entry).toHaveBeenCalledExactlyOnceWith({ ...entry, conversation: "c1" });
    expect(h.reload).toHaveBeenCalledOnce();
    expect(h.session).toHaveBeenCalledOnce();
    stop();
  });
  it("goes on from the last entry when the browser has given up", () => {
    const h = handlers();
    const stop = listen(h);
    const first = Source.made[0]!;
    first.say("entry", JSON.stringify(entry), "41");
    first.readyState = 2;
    first.onerror?.();
    expect(h.state).toHaveBeenLastCalledWith(false);
    vi.advanceTimersByTime(5000);
    expect(Source.made).toHaveLength(2);
    expect(Source.made[1]!.url).toBe("/api/live?from=41");
    stop();
  });
});
