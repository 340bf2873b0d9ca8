import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { open, write } from "@/test/render";
import "@/app/pages/policy";

const grace = "per_grace0001";
const sales = { id: "dep_service01", name: "Customer service" };
const rule = (id: string, name: string, place: number, more = {}) => ({
  id, name, place, version: 1, condition: 'says("recall")', department: sales, enabled: true, changedAt: "2026-03-02T10:00:00Z",
  form: { join: "all", conditions: [{ what: "words", values: ["recall"] }] }, doubts: [], can: ["manage"], ...more,
}); // prettier-ignore
const map = {
  number: 2, rows: [{ intent: "support", topic: "", standing: "", language: "", department: sales, note: "as agreed", doubts: [] }],
  template: "", why: "spring", inForce: true, can: ["manage"], at: "2026-03-02T10:00:00Z", by: { id: grace, name: "Grace Lin" },
}; // prettier-ignore

/** The page on a pretend server that also knows rules and map; asked keeps what was written. */
function visit(address: string, answers: Record<string, unknown>) {
  const page = open(address, { as: grace });
  const asked: { at: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    const at = `${request.method} ${new URL(request.url).pathname}`;
    if (!(at in answers)) {
      return page.server.fetch(request);
    }
    if (request.method !== "GET") {
      asked.push({ at, body: await request.json() });
    }
    return new Response(JSON.stringify(answers[at]), { status: 200, headers: { "Content-Type": "application/json" } });
  });
  return { ...page, asked };
}

describe("the rules", () => {
  const answers = {
    "GET /api/rules": {
      items: [
        rule("rul_000000001", "Recalls", 1),
        rule("rul_000000002", "Safety", 2, { doubts: ["it is never reached: Recalls"] }),
      ],
      next: "",
    },
    "PUT /api/rules/order": { items: [], next: "" },
    "PATCH /api/rules/rul_000000001": rule("rul_000000001", "Recalls", 1),
    "POST /api/rules": rule("rul_000000003", "Interviews", 3),
    "POST /api/rules/test": { condition: "", of: 2140, matched: 37, elsewhere: 4, days: 30, since: "", items: [], doubts: [] },
  }; // prettier-ignore

  it("are told in sentences, with what is doubtful about them", async () => {
    visit("/rules", answers);
    const first = (await screen.findByText("Recalls")).closest("li")!;
    expect(first).toHaveTextContent("When it says “recall”, it goes to Customer service.");
    expect(screen.getByRole("note")).toHaveTextContent("it is never reached");
  });

  it("are moved and switched off", async () => {
    const { user, asked } = visit("/rules", answers);
    await user.click(await screen.findByRole("button", { name: "Move “Recalls” down" }));
    await waitFor(() => expect(asked[0]?.body).toEqual({ rules: ["rul_000000002", "rul_000000001"] }));
    await user.click(screen.getByRole("switch", { name: "“Recalls” is on" }));
    await waitFor(() => expect(asked[1]?.body).toEqual({ enabled: false, version: 1 }));
  });

  it("say what they would have caught before they are saved", async () => {
    const { user, asked } = visit("/rules", answers);
    await user.click(await screen.findByRole("button", { name: "Add a rule" }));
    const dialogue = within(await screen.findByRole("dialog"));
    expect(dialogue.getByText(/Fill in a condition/)).toBeInTheDocument();
    await write(user, dialogue.getByLabelText(/^Name/), "Interviews");
    await write(user, dialogue.getAllByLabelText("Any of")[0]!, "interview");
    await user.keyboard("{Enter}");
    expect(await dialogue.findByText("It would have caught 37 of 2,140 conversations in 30 days.")).toBeInTheDocument();
    expect(dialogue.getByRole("button", { name: "Save" })).toBeDisabled(); // it goes nowhere yet
    expect(asked[0]?.body).toMatchObject({
      form: { join: "all", conditions: [{ what: "words", values: ["interview"] }] },
    });
  });

  it("can be written by hand", async () => {
    const { user } = visit("/rules", answers);
    await user.click(await screen.findByRole("button", { name: "Edit “Recalls”" }));
    const dialogue = within(await screen.findByRole("dialog"));
    await user.click(dialogue.getByRole("button", { name: "Write the expression by hand" }));
    const field = dialogue.getByLabelText("Expression");
    expect(field).toHaveValue('says("recall")');
    await write(user, field, " and rating == 1");
    expect(dialogue.getByText(/the form cannot show it/)).toBeInTheDocument();
  });
});

describe("the responsibility map", () => {
  const answers = {
    "GET /api/map": map,
    "GET /api/map/versions": { items: [map, { ...map, number: 1, why: "winter", inForce: false }], next: "" },
    "GET /api/map/templates": { items: [{ key: "central", title: "One central team", summary: "All.", rows: map.rows }], next: "" },
    "PUT /api/map": { ...map, number: 3 },
    "POST /api/map/versions/1/restore": { ...map, number: 3 },
    "POST /api/map/replay": {
      days: 7, since: "2026-02-23T10:00:00Z", openings: 120, idle: 5, measured: 60, moves: 1,
      items: [{ conversation: "con_000000001", excerpt: "my kettle", at: "2026-03-01T10:00:00Z", then: sales, before: sales, after: { id: "d", name: "Sales" }, why: [] }],
      sides: [{ department: sales, then: 100, before: { got: 99, perDay: 14, waiting: 0, median: 12, slow: 30, busy: 0.4, peak: 3 }, after: { got: 98, perDay: 14, waiting: 2, median: 50, slow: 90, busy: 0.8, peak: 9 } }],
      people: [{ person: { id: "per_omar00001", name: "Omar" }, before: { answered: 31, busy: 0.4 }, after: { answered: 57, busy: 0.75 } }],
    },
  }; // prettier-ignore

  it("is read, tried and put in force", async () => {
    const { user, asked } = visit("/map", answers);
    expect(await screen.findByText(/Version 2, Grace Lin/, { selector: "p" })).toHaveTextContent("spring");
    await user.click(screen.getByRole("button", { name: "Edit the map" }));
    await user.click(screen.getByRole("button", { name: "Try it on the last 7 days" }));
    expect(
      await screen.findByText(/120 conversations began; 5 of them needed no answer. 1 would go/),
    ).toBeInTheDocument();
    expect(screen.getByText("2 would stay unanswered")).toBeInTheDocument();
    expect(screen.getByText("Customer service → Sales")).toBeInTheDocument();
    await write(user, screen.getByLabelText("Why?"), "summer");
    await user.click(screen.getByRole("button", { name: "Put it in force" }));
    await waitFor(() =>
      expect(asked[1]?.body).toMatchObject({
        why: "summer",
        based: 2,
        rows: [{ intent: "support", department: sales.id, note: "as agreed" }],
      }),
    );
  });

  it("is tried with people who work elsewhere and otherwise", async () => {
    const { user, asked } = visit("/map", answers);
    await user.click(await screen.findByRole("button", { name: "Edit the map" }));
    const pick = async (list: string, option: string) => {
      await user.click(screen.getByRole("combobox", { name: list }));
      await user.click(within(await screen.findByRole("listbox", { name: list })).getByText(option));
    };
    await pick("If somebody worked otherwise", "Petra Novák");
    const petra = within(screen.getByRole("group", { name: "Petra Novák" }));
    const capacity = petra.getByLabelText("Can hold (0: no limit)");
    await user.clear(capacity);
    await user.type(capacity, "7");
    await user.click(petra.getByLabelText(/^Other hours/));
    await pick("Departments", "Customer service");
    await user.click(screen.getByRole("button", { name: "Try it on the last 7 days" }));
    await waitFor(() =>
      expect(asked[0]?.body).toMatchObject({
        people: [
          { capacity: 7, absent: false, hours: { week: { sun: [] } }, departments: [expect.any(String), sales.id] },
        ],
      }),
    );
    const table = within(await screen.findByRole("table", { name: "Who would have answered how many" }));
    expect(table.getByRole("cell", { name: "57" })).toBeInTheDocument();
  });

  it("goes back to an older version", async () => {
    const { user, asked } = visit("/map", answers);
    await user.click(await screen.findByRole("button", { name: "Restore version 1" }));
    await waitFor(() => expect(asked[0]?.at).toBe("POST /api/map/versions/1/restore"));
  });
});
