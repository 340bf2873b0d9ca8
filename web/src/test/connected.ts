/** The connected accounts of the pretend server. */
import type { Account } from "../api/types";
import { channels, hour, minute } from "./acme";
import { type Handler, refuse } from "./call";
import type { Pretend } from "./pretend";

function accountOf(h: Pretend, id: string | undefined): Account {
  return h.accounts.find((a) => a.id === id) ?? refuse(404, "There is no such account.");
}

/** Channels, accounts and what could not be taken in. */
export function accountRoutes(h: Pretend): void {
  h.on("GET", "channels", () => ({ items: channels, next: "" }));
  h.on("GET", "accounts", () => ({ items: h.accounts, next: "" }));
  h.on("POST", "accounts/check", ({ body }) => {
    const settings = body["settings"] as Record<string, string>;
    return settings["password"] === "wrong"
      ? refuse(422, "The far side refuses this password. Make a new app password and try again.", [
          { location: "body.settings.password", message: "refused" },
        ])
      : {
          remoteId: "did:1",
          handle: settings["handle"] ?? settings["address"] ?? "@acme",
          name: "ACME",
          note: "Strangers' messages wait in requests: set to accept.",
          limits: h.accounts[1]!.limits,
        };
  });
  h.on("POST", "accounts/connect", () => ({ address: "/accounts/acc_mastodon1" }));
  h.on("POST", "accounts", ({ body }) => {
    const a: Account = {
      ...structuredClone(h.accounts[0]!),
      id: h.id("acc"),
      channel: body["channel"] as string,
      name: body["name"] as string,
      handle: "@new.acme.example",
      health: { queued: 0, unknown: 0, setAside: 0, streaming: true },
    };
    h.accounts.push(a);
    return a;
  });
  h.on("GET", "accounts/:", ({ path }) => accountOf(h, path[1]));
  h.on("PATCH", "accounts/:", ({ path, body }) =>
    Object.assign(accountOf(h, path[1]), body["name"] ? { name: body["name"] } : {}),
  );
  h.on(
    "DELETE",
    "accounts/:",
    ({ path }) =>
      void h.accounts.splice(
        h.accounts.findIndex((a) => a.id === path[1]),
        1,
      ),
  );
  h.on("PUT", "accounts/:/rights", ({ path, body }) => Object.assign(accountOf(h, path[1]), { people: body["items"] }));
  h.on("POST", "accounts/:/check", ({ path }) => accountOf(h, path[1]));
  h.on("POST", "accounts/:/test", ({ path }) => {
    const a = accountOf(h, path[1]);
    if (a.paused) {
      refuse(409, "This account is stopped and sends nothing: resume it, then send the test.");
    }
    return a.channel === "email"
      ? {
          detail: "A mail was taken. That took 20.0 seconds.",
          note: "It was not in the inbox after 20 seconds.",
          seen: false,
          gone: false,
          took: 20000,
        }
      : {
          detail: "A post that only the account can see was taken. It was read back. That took 0.4 seconds.",
          seen: true,
          gone: true,
          took: 400,
        };
  });
  h.on("POST", "accounts/:/lost/seen", ({ path }) => {
    const a = accountOf(h, path[1]);
    delete a.health.lostSince;
    return a;
  });
  const stop =
    (paused: boolean): Handler =>
    ({ path }) => {
      const a = accountOf(h, path[1]);
      Object.assign(a, { paused, state: paused ? "paused" : "active" });
      h.tell("account stopped", undefined, a.id);
      return { stopped: paused, held: a.health.queued };
    };
  h.on("POST", "accounts/:/stop", stop(true));
  h.on("POST", "accounts/:/resume", stop(false));
  const stopAll =
    (stopped: boolean): Handler =>
    () => {
      h.stopped = stopped;
      h.tell("stopped");
      return { stopped, held: 3 };
    };
  h.on("POST", "stop", stopAll(true));
  h.on("POST", "resume", stopAll(false));
  h.on("GET", "accounts/:/arrivals", ({ path }) => ({
    items:
      path[1] === "acc_bluesky01"
        ? [
            {
              id: "arr_000000001",
              at: h.at(-40 * minute),
              remoteId: "at://did:plc:xyz/app.bsky.feed.post/3k",
              tries: 3,
              problem: "It says it was written in the year 9999.",
              raw: '{"createdAt":"9999-12-31T23:59:59Z","text":"hi"}',
            },
            {
              id: "arr_000000002",
              at: h.at(-3 * hour),
              remoteId: "at://did:plc:abc/app.bsky.feed.post/3j",
              tries: 3,
              problem: "Its text is cut in the middle of a character.",
              raw: '{"text":"caf\\ud83d"}',
            },
          ]
        : [],
    next: "",
  }));
  h.on("POST", "arrivals/:/retry", () => undefined);
  h.on("POST", "arrivals/:/discard", () => undefined);
}
