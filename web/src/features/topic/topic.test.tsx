import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { open, write } from "@/test/render";
import "@/app/pages/topics";

const grace = "per_grace0001";
const topic = (key: string, name: string, kind: string, more = {}) => ({
  key, name, kind, phrases: [], enabled: true, version: 3, count: 0, changedAt: "2026-03-02T10:00:00Z", can: ["manage"], ...more,
}); // prettier-ignore

/** The page on a pretend server with a dictionary; asked keeps what was written. */
function visit(topics: unknown[]) {
  const page = open("/topics", { as: grace });
  const answers: Record<string, unknown> = {
    "GET /api/topics": { items: topics, next: "" },
    "POST /api/topics": topic("teapot", "Teapot", "product"),
    "PATCH /api/topics/kettle": topic("kettle", "Kettle", "product"),
    "POST /api/topics/test": { items: [{ key: "kettle", name: "Kettle", words: "KETTLES" }], next: "" },
    "GET /api/topics/suggestions": {
      items: [{ topic: "berlin", name: "Berlin shop", phrase: "Alexanderplatz", count: 4, drop: false }],
      next: "",
    },
    "PATCH /api/topics/berlin": topic("berlin", "Berlin shop", "place"),
    "GET /api/topics/kettle/conversations": { items: [], next: "" },
  };
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

const two = [
  topic("kettle", "Kettle", "product", { phrases: ["kettle*", "Wasserkocher"], count: 12 }),
  topic("berlin", "Berlin shop", "place"),
];

describe("the dictionary of topics", () => {
  it("says what each is found by, and how often it was", async () => {
    const { user } = visit(two);
    const kettle = within((await screen.findByRole("switch", { name: "“Kettle” is on" })).closest("li")!);
    expect(kettle.getByText("kettle* · Wasserkocher")).toBeInTheDocument();
    expect(screen.getByText("found by its name")).toBeInTheDocument();
    expect(screen.getByRole("region", { name: "Places" })).toHaveTextContent("Berlin shop");
    await user.click(kettle.getByRole("button", { name: /12 conversations in 30 days/ }));
    expect(await screen.findByText("None that you may see.")).toBeInTheDocument();
  });

  it("shows the conversations to who is not told how many there are", async () => {
    const { user } = visit([topic("kettle", "Kettle", "product", { count: undefined })]);
    await user.click(await screen.findByRole("button", { name: /^conversations in 30 days/ }));
    expect(await screen.findByText("None that you may see.")).toBeInTheDocument();
  });

  it("is switched off and on", async () => {
    const { user, asked } = visit(two);
    await user.click(await screen.findByRole("switch", { name: "“Kettle” is on" }));
    await waitFor(() => expect(asked[0]?.body).toEqual({ enabled: false, version: 3 }));
  });

  it("takes a new topic as plain text", async () => {
    const { user, asked } = visit([]);
    expect(await screen.findByText(/No topics yet/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Add a topic" }));
    const dialogue = within(await screen.findByRole("dialog"));
    expect(dialogue.getByRole("button", { name: "Save" })).toBeDisabled();
    await write(user, dialogue.getByLabelText(/^Name/), "Teapot");
    await user.type(dialogue.getByLabelText(/^Phrases/), "teapot*{Enter}Teekanne");
    await user.click(dialogue.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(asked[0]?.body).toEqual({ name: "Teapot", kind: "product", phrases: ["teapot*", "Teekanne"] }),
    );
  });

  it("suggests what people said by hand, and adds it when asked to", async () => {
    const { user, asked } = visit(two);
    expect(await screen.findByText(/4 conversations put on it by hand say so/)).toBeInTheDocument();
    await user.click(await screen.findByRole("button", { name: "Add “Alexanderplatz” to Berlin shop" }));
    await waitFor(() => expect(asked[0]?.body).toEqual({ phrases: ["Berlin shop", "Alexanderplatz"], version: 3 }));
  });

  it("shows what would be found in a sentence", async () => {
    const { user } = visit(two);
    await user.type(await screen.findByLabelText(/^A sentence/), "two KETTLES leak");
    expect(await screen.findByText("Kettle, by “KETTLES”")).toBeInTheDocument();
  });
});
