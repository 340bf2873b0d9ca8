import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Answering } from "@/api/types";
import { freshOutbox } from "@/lib/outbox";
import { refuse } from "@/test/call";
import { open, write } from "@/test/render";

const link = "/answer#tokentokentokentoken";

describe("the page a link opens", () => {
  it("shows the question and what may be seen, takes the answer and is done", async () => {
    const { user, server } = open(link, { width: 390 });
    expect(await screen.findByRole("heading", { name: "Sue Marsh asks you" })).toBeInTheDocument();
    expect(screen.getByText("Was the refund sent?")).toBeInTheDocument();
    expect(screen.getByRole("region", { name: "What it is about" })).toHaveTextContent("Where is my refund?");
    expect(location.hash).toBe("");
    await write(user, screen.getByRole("textbox", { name: "Your answer" }), "Yes, on Friday.");
    await user.click(screen.getByRole("button", { name: "Send the answer" }));
    expect(await screen.findByText(/Sue Marsh has your answer/)).toBeInTheDocument();
    expect(server.lastWrite?.body).toEqual({ text: "Yes, on Friday." });
  });

  it("lets them say who knows", async () => {
    const { user, server } = open(link, { width: 390 });
    await user.click(await screen.findByRole("button", { name: "I can't answer this" }));
    await user.selectOptions(screen.getByRole("combobox", { name: "Department" }), "Accounts");
    await user.click(screen.getByRole("button", { name: "Ask them instead" }));
    expect(await screen.findByText(/Accounts is asked instead/)).toBeInTheDocument();
    expect(server.lastWrite?.body).toMatchObject({ department: "dep_accounts1" });
  });

  it("lets them be reminded", async () => {
    const { user } = open(link);
    await user.click(await screen.findByRole("button", { name: "Remind me later: In an hour" }));
    expect(await screen.findByText(/You get another e-mail/)).toBeInTheDocument();
  });

  const ends: [Answering["state"], RegExp][] = [
    ["answered", /Bob Carter answered this/],
    ["withdrawn", /Bob Carter took the question back/],
    ["passed", /passed on to Bob Carter/],
    ["closed", /The conversation was closed/],
    ["expired", /Ask Sue Marsh to ask you again/],
    ["gone", /Somebody else has it now/],
  ];
  it.each(ends)("says what became of a question that is %s", async (state, says) => {
    open(link, {
      before: (server) => {
        Object.assign(server.question, {
          state,
          by: "Bob Carter",
          at: "2026-03-02T09:12:00Z",
          text: undefined,
          messages: [],
        });
      },
    });
    expect(await screen.findByText(says)).toBeInTheDocument();
    expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
  });
});

describe("an answer given without a connection", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    freshOutbox();
  });

  async function answerInTunnel() {
    const page = open(link, { width: 390 });
    const field = await screen.findByRole("textbox", { name: "Your answer" });
    const reach = globalThis.fetch;
    globalThis.fetch = () => Promise.reject(new TypeError("no line"));
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    await write(page.user, field, "Yes, on Friday.");
    await page.user.click(screen.getByRole("button", { name: "Send the answer" }));
    const kept = await screen.findByRole("region", { name: "Written without a connection" });
    const back = () => {
      globalThis.fetch = reach;
      vi.restoreAllMocks();
      act(() => void window.dispatchEvent(new Event("online")));
    };
    return { ...page, kept, back };
  }
  const answers = (writes: { path: string }[]) => writes.filter((w) => w.path === "/api/answer");

  it("is kept, and sent once when the line is back", async () => {
    const { server, kept, back } = await answerInTunnel();
    expect(kept).toHaveTextContent("Yes, on Friday.");
    expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
    back();
    expect(await screen.findByText(/Sue Marsh has your answer/)).toBeInTheDocument();
    expect(answers(server.writes)).toMatchObject([{ body: { text: "Yes, on Friday." } }]);
  });

  it("can be taken back", async () => {
    const { user, server, kept, back } = await answerInTunnel();
    await user.click(within(kept).getByRole("button", { name: "Take back" }));
    expect(await screen.findByRole("textbox", { name: "Your answer" })).toHaveValue("Yes, on Friday.");
    back();
    expect(answers(server.writes)).toEqual([]);
  });

  it("is not sent past an answer that came meanwhile", async () => {
    const { server, back, page } = await answerInTunnel();
    Object.assign(server.question, {
      state: "answered",
      by: "Petra Lang",
      at: "2026-03-02T09:12:00Z",
      text: undefined,
    });
    server.over("POST", "answer", () => refuse(409, "This was answered already."));
    back();
    expect(await screen.findByText(/Petra Lang answered this/)).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByRole("textbox")).not.toBeInTheDocument());
    // The words are shown once, and are in nobody's way afterwards.
    expect(await screen.findByRole("region", { name: "Your answer was not sent" })).toHaveTextContent(
      "Yes, on Friday.",
    );
    page.unmount();
    open(link, { before: (s) => Object.assign(s.question, server.question) });
    expect(await screen.findByText(/Petra Lang answered this/)).toBeInTheDocument();
    expect(screen.queryByText(/Yes, on Friday/)).not.toBeInTheDocument();
  });

  it("says nothing of words that arrived although their receipt was lost", async () => {
    const { server, back } = await answerInTunnel();
    Object.assign(server.question, { state: "answered", by: server.question.person, text: undefined });
    server.over("POST", "answer", () => refuse(409, "This was answered already."));
    back();
    expect(await screen.findByText(/answered this/)).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByText(/Yes, on Friday/)).not.toBeInTheDocument());
  });
});
