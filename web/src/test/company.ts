/** The company at the pretend server: its people, departments and settings. */
import type { AdviceForm, AdviceTrial, Department } from "../api/types";
import { hour, minute, week } from "./acme";
import { refuse } from "./call";
import { counts } from "./rows";
import { endQuestion, setMail, tryMail } from "./asked";
import type { Pretend } from "./pretend";

/** People and departments. */
export function staffRoutes(h: Pretend): void {
  h.on("GET", "people", ({ query }) => {
    const q = (query.get("q") ?? "").toLowerCase();
    return {
      items: h.people.filter((p) =>
        `${p.name} ${p.skills.join(" ")} ${p.departments[0]?.name}`.toLowerCase().includes(q),
      ),
      next: "",
    };
  });
  const person = (id: string | undefined) =>
    h.people.find((p) => p.id === id) ?? refuse(404, "There is no such person.");
  h.on("GET", "people/:", ({ path }) => person(path[1]));
  h.on("PATCH", "people/:", ({ path, body }) => {
    const p = person(path[1]);
    const deps = body["departments"] as string[] | undefined;
    Object.assign(
      p,
      body,
      deps
        ? {
            departments: h.departments.filter((d) => deps.includes(d.id)).map((d) => ({ id: d.id, name: d.name })),
          }
        : {},
    );
    h.tell("person changed", undefined, p.id);
    return p;
  });
  h.on("POST", "people/:/absences", ({ path, body }) => {
    const p = person(path[1]);
    p.absences.push({ id: h.id("abs"), ...(body as { from: string; until: string; note: string }) });
    return p;
  });
  h.on("DELETE", "people/:/absences/:", ({ path }) => {
    const p = person(path[1]);
    p.absences = p.absences.filter((a) => a.id !== path[3]);
    return p;
  });
  h.on("GET", "departments", () => {
    const { byDepartment } = counts(h);
    return { items: h.departments.map((d) => ({ ...d, waiting: byDepartment[d.id] ?? 0 })), next: "" };
  });
  h.on("POST", "departments", ({ body }) => {
    const d: Department = {
      id: h.id("dep"),
      name: "",
      summary: "",
      phrases: [],
      intents: [],
      operator: false,
      precision: 0,
      targets: { firstResponse: 0, nextResponse: 0, resolution: 0 },
      takeBack: 30,
      moveOn: 30,
      people: [],
      waiting: 0,
      can: ["manage"],
      ...(body as object),
      standIn: undefined,
    };
    h.departments.push(d);
    return d;
  });
  h.on("PATCH", "departments/:", ({ path, body }) => {
    const d = h.departments.find((x) => x.id === path[1]) ?? refuse(404, "There is no such department.");
    const { standIn, ...rest } = body;
    const stand = h.departments.find((x) => x.id === standIn);
    Object.assign(d, rest, stand ? { standIn: { id: stand.id, name: stand.name } } : {});
    return d;
  });
  h.on("DELETE", "departments/:", ({ path }) => {
    h.departments.splice(
      h.departments.findIndex((d) => d.id === path[1]),
      1,
    );
  });
}

/** What an administrator sets, and the link of an e-mail that asks. */
export function settingsRoutes(h: Pretend): void {
  h.on("GET", "settings", () => ({
    name: "ACME",
    publicUrl: "https://desk.acme.example",
    zone: "Europe/London",
    locale: "en-GB",
    hours: week,
  }));
  h.on("PUT", "settings", ({ body }) => body);
  h.on("GET", "mail", () => h.houseMail);
  h.on("PUT", "mail", ({ body }) => setMail(h.houseMail, body));
  h.on("POST", "mail/try", () => tryMail(h.houseMail));
  h.on("GET", "answer", () => h.question);
  h.on("POST", "answer", () => endQuestion(h.question, "answered", h.at(0)));
  h.on("POST", "answer/pass", () => endQuestion(h.question, "passed", h.at(0)));
  h.on("POST", "answer/later", () => ({ at: h.question.later[0]?.at }));
  h.on("GET", "advice", () => h.advice);
  h.on("PUT", "advice", ({ body }) => {
    const { key, departments, ...rest } = body as unknown as AdviceForm;
    if (rest.on && !rest.address) {
      refuse(422, "Name an address first.", [{ location: "body.address", message: "name an address first" }]);
    }
    const refs = h.departments.filter((d) => departments.includes(d.id)).map(({ id, name }) => ({ id, name }));
    const hasKey = key === undefined ? h.advice.hasKey : key !== "";
    Object.assign(h.advice, rest, { departments: refs, hasKey });
    return h.advice;
  });
  h.on("POST", "advice/try", (): AdviceTrial => {
    h.advice.today.calls++;
    return h.advice.address.includes("dead")
      ? { left: "{}", status: 0, came: "", seconds: 8, trouble: "there was no answer within 8s" }
      : {
          left: '{ "text": "I am [name]" }',
          status: 200,
          came: '{ "choices": [] }',
          seconds: 0.42,
          answer: { intent: "billing", departments: [{ id: "dep_accounts1", name: "Accounts" }], needs: "must", urgency: "today" },
        };
  }); // prettier-ignore
  h.on("GET", "keys", () => ({
    items: [
      {
        id: "key_000000001",
        name: "Data warehouse",
        scopes: ["read"],
        createdAt: h.at(-90 * 24 * hour),
        lastUsed: h.at(-9 * minute),
      },
    ],
    next: "",
  }));
  h.on("POST", "keys", ({ body }) => ({ id: h.id("key"), ...body, secret: "sbk_pretend_0123456789abcdef" }));
  h.on("DELETE", "keys/:", () => undefined);
  h.on("POST", "conversations/:/messages/:/translation", () => ({
    text: "Where is my bill?",
    model: "tiny",
    cut: false,
  }));
}
