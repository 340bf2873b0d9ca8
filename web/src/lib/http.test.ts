import { afterEach, describe, expect, it, vi } from "vitest";
import { intentKey, persistent, Problem } from "./http";

afterEach(() => vi.unstubAllGlobals());

const noPause = () => Promise.resolve();

describe("a write", () => {
  it("carries a key, and the same one when it is repeated after a lost line", async () => {
    const keys: (string | null)[] = [];
    const bodies: string[] = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      keys.push(request.headers.get("Idempotency-Key"));
      bodies.push(await request.text());
      if (keys.length < 3) {
        throw new TypeError("network");
      }
      return new Response("{}");
    });
    await persistent(new Request("http://localhost/api/x", { method: "POST", body: '{"a":1}' }), noPause);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys).size).toBe(1);
    expect(bodies).toEqual(['{"a":1}', '{"a":1}', '{"a":1}']);
  });
  it("keeps the key it was given", async () => {
    let key: string | null = "";
    vi.stubGlobal("fetch", async (request: Request) => {
      key = request.headers.get("Idempotency-Key");
      return new Response("{}");
    });
    await persistent(
      new Request("http://localhost/api/x", { method: "POST", headers: { "Idempotency-Key": "mine" } }),
      noPause,
    );
    expect(key).toBe("mine");
  });
  it("is not repeated when the server answered, whatever it said", async () => {
    const fetch = vi.fn(async () => new Response("{}", { status: 500 }));
    vi.stubGlobal("fetch", fetch);
    await persistent(new Request("http://localhost/api/x", { method: "POST" }), noPause);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
  it("gives up in words", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    await expect(persistent(new Request("http://localhost/api/x", { method: "POST" }), noPause)).rejects.toThrow(
      /cannot be reached/,
    );
  });
});

describe("a problem", () => {
  it("speaks with the server's words, and knows the fields", () => {
    const p = Problem.from(422, {
      detail: "The password is too short.",
      errors: [{ location: "body.administrator.password", message: "ten at least" }],
    });
    expect(p.message).toBe("The password is too short.");
    expect(p.fields).toEqual({ "administrator.password": "ten at least" });
  });
});

it("makes another key every time", () => {
  expect(new Set(Array.from({ length: 1000 }, intentKey)).size).toBe(1000);
});
