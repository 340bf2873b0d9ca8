import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { again, flush, freshOutbox, keepForLater, takeBack, useWaiting, type Written } from "./outbox";
import { act, renderHook } from "@testing-library/react";

const note = {
  person: "per_1", kind: "note" as const, conversation: "con_1", path: "/api/conversations/con_1/notes",
  body: { text: "look" }, text: "look", draft: "d",
}; // prettier-ignore

/** What the server was sent, and what it answers; "down" is no line at all. */
function server(...answers: (number | "down")[]) {
  const keys: string[] = [];
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    const answer = answers.shift() ?? 200;
    keys.push(new Headers(init.headers).get("Idempotency-Key") ?? "");
    if (answer === "down") {
      throw new TypeError("no line");
    }
    return new Response(JSON.stringify({ detail: "Somebody answered meanwhile." }), { status: answer });
  });
  return keys;
}

function waiting(person = "per_1"): Written[] {
  return renderHook(() => useWaiting(person)).result.current;
}

beforeEach(freshOutbox);
afterEach(() => vi.unstubAllGlobals());

describe("what is written without a connection", () => {
  it("is sent once when the line is back, under the key of its first try", async () => {
    const keys = server("down", 200);
    await act(() => keepForLater(note, "the first key"));
    const sent: string[] = [];
    await act(() => flush("per_1", (w) => sent.push(w.text)));
    expect(waiting()).toMatchObject([{ state: "waiting" }]);
    await act(() => flush("per_1", (w) => sent.push(w.text)));
    await act(() => flush("per_1", (w) => sent.push(w.text)));
    expect(keys).toEqual(["the first key", "the first key"]);
    expect(sent).toEqual(["look"]);
    expect(waiting()).toEqual([]);
  });

  it("is kept apart for each person", async () => {
    const keys = server();
    await act(() => keepForLater(note));
    await act(() => flush("per_2", () => undefined));
    expect(keys).toEqual([]);
    expect(waiting("per_2")).toEqual([]);
    expect(waiting()).toHaveLength(1);
  });

  it("keeps its order: nothing is sent past what the line refused", async () => {
    const keys = server("down");
    await act(() => keepForLater(note, "1", Date.now() - 2));
    await act(() => keepForLater(note, "2", Date.now() - 1));
    await act(() => flush("per_1", () => undefined));
    expect(keys).toEqual(["1"]);
  });

  it("stops at what the server refuses, says why, and goes on with the rest", async () => {
    const keys = server(409, 200);
    const now = Date.now();
    await act(() => keepForLater({ ...note, kind: "reply" }, "1", now - 2));
    await act(() => keepForLater(note, "2", now - 1));
    await act(() => flush("per_1", () => undefined));
    expect(keys).toEqual(["1", "2"]);
    const [w] = waiting();
    expect(w).toMatchObject({ state: "refused", why: "Somebody answered meanwhile." });
    await act(() => again(w!));
    await act(() => flush("per_1", () => undefined));
    expect(keys).toHaveLength(3);
    expect(keys[2]).not.toBe("1");
    expect(waiting()).toEqual([]);
  });

  it("waits when the server is in trouble or nobody is signed in", async () => {
    server(503, 401);
    await act(() => keepForLater(note));
    await act(() => flush("per_1", () => undefined));
    await act(() => flush("per_1", () => undefined));
    expect(waiting()).toMatchObject([{ state: "waiting" }]);
  });

  it("is left to the person when the server may have forgotten its first try", async () => {
    const keys = server();
    await act(() => keepForLater(note, "old", Date.now() - 21 * 3600_000));
    await act(() => flush("per_1", () => undefined));
    expect(keys).toEqual([]);
    expect(waiting()).toMatchObject([{ state: "unclear" }]);
  });

  it("can be taken back", async () => {
    const keys = server();
    await act(() => keepForLater(note));
    const [w] = waiting();
    await act(() => takeBack(w!));
    await act(() => flush("per_1", () => undefined));
    expect(keys).toEqual([]);
  });
});
