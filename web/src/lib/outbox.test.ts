import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { again, emptyOutbox, flush, freshOutbox, keepForLater, takeBack, useWaiting, type Written } from "./outbox";
import { act, renderHook } from "@testing-library/react";
import * as keep from "./keep";

const note = {
  person: "per_1", kind: "note" as const, conversation: "con_1", path: "/api/conversations/con_1/notes",
  body: { text: "look" }, text: "look", draft: "d",
}; // prettier-ignore

let signedIn = "per_1";

/** What the server was sent, and what it answers; "down" is no line at all. */
function server(...answers: (number | "down")[]) {
  const keys: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (url.endsWith("/api/session")) {
      return Response.json({ person: { id: signedIn } });
    }
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

beforeEach(() => {
  freshOutbox();
  signedIn = "per_1";
});
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

  it("can be taken back while something before it is being sent", async () => {
    const keys: string[] = [];
    const now = Date.now();
    await act(() => keepForLater(note, "1", now - 2));
    await act(() => keepForLater(note, "2", now - 1));
    const second = waiting()[1]!;
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      if (!url.endsWith("/api/session")) {
        keys.push(new Headers(init.headers).get("Idempotency-Key") ?? "");
        expect(await takeBack(second)).toBe(true);
      }
      return Response.json({ person: { id: "per_1" } });
    });
    await act(() => flush("per_1", () => undefined));
    expect(keys).toEqual(["1"]);
    expect(await takeBack(second), "it is not there twice").toBe(false);
  });

  it("is not sent while somebody else is signed in at this browser", async () => {
    const keys = server();
    await act(() => keepForLater(note));
    signedIn = "per_2";
    await act(() => flush("per_1", () => undefined));
    expect(keys).toEqual([]);
    await act(() => flush("per_1", () => undefined, { "Request-Token": "says who it is from" }));
    expect(keys).toHaveLength(1);
  });

  it("is forgotten at sign-out, but for what others wrote here", async () => {
    await act(() => keepForLater(note));
    await act(() => keepForLater({ ...note, person: "per_2" }));
    await act(() => emptyOutbox("per_1"));
    expect(waiting()).toEqual([]);
    expect(waiting("per_2")).toHaveLength(1);
  });
});

describe("with a shelf that other windows write too", () => {
  const shelf = new Map<string, Written>();
  beforeEach(() => {
    shelf.clear();
    vi.spyOn(keep, "kept").mockImplementation(async () => [...shelf.values()] as never[]);
    vi.spyOn(keep, "put").mockImplementation(async (w) => void shelf.set(w.id, w as Written));
    vi.spyOn(keep, "remove").mockImplementation(async (id) => void shelf.delete(id));
  });
  afterEach(() => vi.restoreAllMocks());

  it("sends what another window kept, and not what it took back", async () => {
    const keys = server();
    await act(() => keepForLater(note, "mine"));
    shelf.delete("mine");
    shelf.set("theirs", { ...note, id: "theirs", at: Date.now(), state: "waiting" });
    await act(() => flush("per_1", () => undefined));
    expect(keys).toEqual(["theirs"]);
  });

  it("loses nothing that the shelf refused", async () => {
    const keys = server();
    vi.spyOn(keep, "put").mockRejectedValue(new Error("full"));
    await act(() => keepForLater(note, "mine"));
    await act(() => flush("per_1", () => undefined));
    expect(keys).toEqual(["mine"]);
  });
});
