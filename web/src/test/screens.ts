import { PretendAnswers } from "./pretendAnswers";
import { PretendContacts } from "./pretendContacts";
import type { Pretend } from "./pretend";
import { rowOf } from "./rows";

/** What the pretend server does not know by itself and each screen wants: for tests that look at all of them. */
export function more(server: Pretend) {
  const department = { id: "dep_service01", name: "Customer service" };
  const by = { changedAt: "2026-03-02T10:00:00Z", can: ["manage"] };
  const rule = (id: string, name: string, place: number) => ({
    id, name, place, version: 1, condition: 'says("recall")', department, enabled: true, doubts: [], ...by,
    form: { join: "all", conditions: [{ what: "words", values: ["recall"] }] },
  }); // prettier-ignore
  const row = { intent: "support", topic: "", standing: "", language: "", department, note: "", doubts: [] };
  const map = { number: 2, rows: [row], template: "", why: "", inForce: true, can: ["manage"], at: by.changedAt };
  const topic = { key: "kettle", name: "Kettle", kind: "product", phrases: [], enabled: true, version: 3, count: 2, ...by };
  const list = (...items: unknown[]) => ({ items, next: "" });
  new PretendAnswers(server);
  new PretendContacts(server);
  const thread = [...server.conversations.values()].filter((c) => c.state === "open" && !c.private).slice(0, 3);
  server.over("GET", "incidents/:", () => ({
    id: "inc_000000001", kind: "post", what: "", open: true, conversations: 3, waiting: 3, seen: 3, usual: 0,
    startedAt: server.at(0), can: ["take", "end"], items: thread.map((c) => rowOf(server, c)),
  })); // prettier-ignore
  server.over("GET", "rules", () => list(rule("rul_000000001", "Recalls", 1), rule("rul_000000002", "Safety", 2)));
  server.over("GET", "map", () => map);
  server.over("GET", "map/versions", () => list(map, { ...map, number: 1, inForce: false }));
  server.over("GET", "topics", () => list(topic));
  server.over("GET", "topics/suggestions", () => list());
  server.over("GET", "board", () => ({
    at: server.at(0), total: { open: 3, unowned: 1, soon: 0, late: 0 }, incidents: [], people: [],
    departments: [{ ...department, open: 3, unowned: 1, soon: 0, late: 0 }],
  })); // prettier-ignore
} // prettier-ignore
