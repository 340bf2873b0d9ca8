import type { Ref, Scoreboard, Verdict } from "../api/types";
import { accountRefs, departmentRefs } from "./acme";
import type { Pretend } from "./pretend";

const share = (n: number, of: number) => ({ n, of });
const day = 24 * 3600_000;

/** A scoreboard as a company might have it after two months. */
export function scoreboard(now: number, days: number, settled = 412): Scoreboard {
  const { service, accounts, sales, pr } = departmentRefs;
  const bins = [0, 4, 11, 19, 31, 42, 58, 71, 84, 92].map((n, i) => {
    const said = i / 10 + 0.05;
    return { from: i / 10, until: (i + 1) / 10, said, was: share(Math.round(n * Math.min(1, said * 1.08)), n), calibrated: Math.min(0.99, said * 1.05) };
  }); // prettier-ignore
  const weeks = Array.from({ length: Math.ceil(days / 7) }, (_, i, all = Math.ceil(days / 7)) => ({
    from: new Date(now - (all - i) * 7 * day).toISOString(),
    until: new Date(now - (all - i - 1) * 7 * day).toISOString(),
    first: share(60 + ((i * 7) % 15), 90),
    unlike: share(8 + ((i * 5) % 9), 110),
    level: 0.42,
  }));
  const pair = (said: Ref, was: Ref, n: number) => ({ said, was, n });
  const row = (department: Ref, n: number, threshold?: number): Scoreboard["departments"][number] => ({
    department,
    said: share(Math.round(n * 0.87), n),
    was: share(Math.round(n * 0.84), n + 4),
    wanted: 0.95,
    ...(threshold ? { threshold } : {}),
    source: threshold ? (n < 60 ? "house" : "own") : "default",
    coverage: share(Math.round(n * 0.7), n),
    precision: share(Math.round(n * 0.68), Math.round(n * 0.7)),
  });
  return {
    from: new Date(now - days * day).toISOString(),
    until: new Date(now).toISOString(),
    capped: false,
    all: settled + 60,
    settled,
    fewest: 30,
    how: settled ? [{ how: "answered", n: 300 }, { how: "suggestion taken", n: 71 }, { how: "handed over", n: 41 }] : [],
    corrected: 12,
    first: share(Math.round(settled * 0.87), settled),
    three: share(Math.round(settled * 0.97), settled),
    balanced: 0.82,
    coverage: share(290, 400),
    precision: share(278, 290),
    error: 0.034,
    bins,
    weeks,
    confusion: [pair(service, service, 190), pair(accounts, accounts, 84), pair(sales, sales, 50), pair(service, accounts, 17), pair(sales, service, 9), pair(pr, pr, 6), pair(pr, sales, 2)],
    departments: [row(service, 207, 0.61), row(accounts, 101, 0.72), row(sales, 52, 0.66), row(pr, 8)],
    accounts: [{ account: accountRefs.mastodon, first: share(200, 231), home: service, elsewhere: share(40, 47) }],
    home: share(240, 280),
    elsewhere: share(96, 112),
  }; // prettier-ignore
}

/** What stands behind its figures. */
export function verdict(conversation: string, excerpt: string, now: number, wrong: boolean): Verdict {
  return {
    conversation,
    subject: "",
    excerpt,
    account: accountRefs.mastodon,
    at: new Date(now - 3 * 3600_000).toISOString(),
    said: departmentRefs.service,
    confidence: 0.74,
    decided: departmentRefs.service,
    by: "model",
    was: wrong ? departmentRefs.accounts : departmentRefs.service,
    right: !wrong,
    how: wrong ? "handed over" : "answered",
    settledAt: new Date(now - 3600_000).toISOString(),
    intent: "support",
    ...(wrong ? { trueIntent: "billing" } : {}),
  };
}

/** How triage did. */
export function insightRoutes(h: Pretend): void {
  h.on("GET", "scoreboard", ({ query }) => ({
    ...scoreboard(h.now(), Number(query.get("days") ?? 30), h.settled),
    ...(h.damaged === undefined ? {} : { damagedAt: new Date(h.now() - h.damaged * day).toISOString() }),
  }));
  h.on("GET", "verdicts", ({ query }) => ({
    items: [...h.conversations.values()]
      .slice(0, 12)
      .map((c, i) => verdict(c.id, c.excerpt, h.now(), query.get("found") === "wrong" || i % 5 === 4))
      .filter((v) => query.get("found") !== "right" || v.right),
    next: "",
  }));
}
