import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Request } from "@/api/types";
import { freshOutbox } from "@/lib/outbox";
import type { Pretend } from "@/test/pretend";
import { refuse } from "@/test/call";
import { open, write } from "@/test/render";
import { ofWhom, sorted } from "./asking";

const sue = "per_sue000001";
const bob = "per_bob000001";
const rowan = "con_000000001"; // Sue's

/** Something Sue asks Bob about Rowan, planted as if it had come from the server. */
function planted(change: Partial<Request> = {}): Request {
  return {
    id: "req_000000001",
    department: { id: "dep_accounts1", name: "Accounts" },
    person: { id: bob, name: "Bob Carter" },
    from: { id: sue, name: "Sue Marsh" },
    text: "Was the refund sent?",
    at: "2026-03-02T09:00:00Z",
    due: new Date(Date.now() + 3600_000).toISOString(),
    state: "open",
    mine: false,
    mail: false,
    shows: "conversation",
    can: [],
    ...change,
  };
}

const asks = (server: Pretend) => void server.conversations.get(rowan)!.requests.push(planted());

describe("a request", () => {
  it("keeps what was typed when the dialogue is closed, and can be due at any time", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    const question = () => screen.findByRole("textbox", { name: "What do you want to know?" });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("q");
    await write(user, await question(), "Was the refund sent?");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await user.keyboard("q");
    expect(await question()).toHaveValue("Was the refund sent?");
    await write(user, await screen.findByRole("combobox", { name: "Who knows?" }), "refunds");
    const ask = await screen.findByRole("button", { name: "Ask Bob Carter" });
    await user.selectOptions(screen.getByRole("combobox", { name: "Answer wanted" }), "at another time …");
    expect(ask).toBeDisabled();
    fireEvent.change(screen.getByLabelText("Answer wanted by"), { target: { value: "2099-01-02T10:30" } });
    await user.click(ask);
    await waitFor(() => expect(server.lastWrite?.path).toMatch(/requests$/));
    expect(server.lastWrite?.body["due"]).toMatch(/^2099-01-0[12]T/);
    expect(server.lastWrite?.body["when"]).toBeUndefined();
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await user.keyboard("q");
    expect(await question()).toHaveValue("");
  });

  it("is asked with Q of whoever knows, and stands in the conversation until it is answered", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("q");
    await write(user, await screen.findByRole("combobox", { name: "Who knows?" }), "refunds");
    await screen.findByRole("button", { name: "Ask Bob Carter" });
    await write(user, screen.getByRole("textbox", { name: "What do you want to know?" }), "Was the refund sent?");
    await user.click(screen.getByRole("button", { name: "Ask Bob Carter" }));
    await screen.findByText("Bob Carter was asked.");
    expect(server.lastWrite?.body).toEqual({
      department: "dep_accounts1",
      person: bob,
      text: "Was the refund sent?",
    });
    const requests = await screen.findByRole("region", { name: "Requests" });
    expect(requests).toHaveTextContent("Sue Marsh asks Bob Carter, Accounts");
    expect(requests).toHaveTextContent(/due/);
    expect(server.conversations.get(rowan)?.owner.person?.id).toBe(sue);
    await user.click(within(requests).getByRole("button", { name: "Withdraw" }));
    await screen.findByText("Withdrawn.");
    await waitFor(() => expect(server.conversations.get(rowan)?.requests[0]?.state).toBe("withdrawn"));
  });

  it("is found by whom it is asked of, and answered there", async () => {
    const { user, server } = open("/inbox/asked", { as: bob, before: asks });
    await user.click(await screen.findByRole("link", { name: /Rowan Blake/ }));
    const requests = await screen.findByRole("region", { name: "Requests" });
    await write(user, within(requests).getByRole("textbox", { name: "Your answer" }), "Yes, on Friday.");
    await user.click(within(requests).getByRole("button", { name: "Answer Sue Marsh" }));
    await screen.findByText("Answered.");
    expect(server.conversations.get(rowan)?.requests[0]).toMatchObject({
      state: "answered",
      answer: "Yes, on Friday.",
    });
    // What was answered last stays in sight: it is there to be used.
    await waitFor(() => expect(requests).toHaveTextContent("Bob Carter answered"));
  });

  it("says in the list by when, and is reached on a phone", async () => {
    const { user } = open("/inbox/all", { as: bob, width: 390, before: asks });
    await user.click(await screen.findByRole("link", { name: /Asked/ }));
    expect(await screen.findByRole("link", { name: /Rowan Blake/ })).toHaveTextContent(/asked of you, until/);
  });

  it("teaches when nothing is asked", async () => {
    open("/inbox/asked", { as: bob });
    expect(await screen.findByText(/Nobody waits for an answer of yours/)).toBeInTheDocument();
  });
});

describe("the order of requests", () => {
  it("is mine first, then what is due first; what is done comes newest first", () => {
    const list = [
      planted({ id: "a", due: "2026-03-02T12:00:00Z" }),
      planted({ id: "b", due: "2026-03-02T11:00:00Z" }),
      planted({ id: "c", due: "2026-03-02T13:00:00Z", mine: true }),
      planted({ id: "d", state: "answered" }),
      planted({ id: "e", state: "withdrawn" }),
    ];
    expect(sorted(list).open.map((r) => r.id)).toEqual(["c", "b", "a"]);
    expect(sorted(list).ended.map((r) => r.id)).toEqual(["e", "d"]);
  });

  it("names a person with their department, and a department alone", () => {
    expect(ofWhom(planted())).toBe("Bob Carter, Accounts");
    expect(ofWhom({ department: { id: "x", name: "Accounts" } })).toBe("Accounts");
  });
});

describe("a question to several", () => {
  it("asks each on their own, in words for the time, and shows no more than chosen", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("q");
    await write(user, await screen.findByRole("combobox", { name: "Who knows?" }), "refunds");
    await screen.findByRole("button", { name: "Ask Bob Carter" });
    await user.click(screen.getByRole("button", { name: "Ask somebody else too" }));
    await user.click((await within(screen.getByRole("dialog")).findAllByRole("option"))[1]!);
    await user.click(screen.getByRole("button", { name: "Ask somebody else too" }));
    await write(user, screen.getByRole("textbox", { name: "What do you want to know?" }), "Was it sent?");
    await user.selectOptions(screen.getByRole("combobox", { name: "Answer wanted" }), "hour");
    await user.selectOptions(screen.getByRole("combobox", { name: "They see" }), "question");
    await user.click(screen.getByRole("button", { name: "Ask all 2" }));
    await screen.findByText("2 were asked.");
    expect(server.lastWrite?.body).toMatchObject({ text: "Was it sent?", when: "hour", shows: "question" });
    const requests = await screen.findByRole("region", { name: "Requests" });
    expect(requests).toHaveTextContent("sees the question only");
  });

  it("goes out by e-mail to who is not signed in, if the house can", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, {
      as: sue,
      before: (s) => void (s.houseMail.on = true),
    });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("q");
    await write(user, await screen.findByRole("combobox", { name: "Who knows?" }), "refunds");
    await screen.findByRole("checkbox", { name: /Ask by e-mail too/ });
    await write(user, screen.getByRole("textbox", { name: "What do you want to know?" }), "Was it sent?");
    await user.click(await screen.findByRole("button", { name: "Ask Bob Carter" }));
    await waitFor(() => expect(server.lastWrite?.body).toMatchObject({ mail: true }));
  });

  it("puts the answer into the reply by one key", async () => {
    const { user } = open(`/inbox/all/${rowan}`, {
      as: sue,
      before: (s) =>
        void s.conversations
          .get(rowan)!
          .requests.push(planted({ state: "answered", answer: "Yes, on Friday.", way: "link" })),
    });
    const requests = await screen.findByRole("region", { name: "Requests" });
    expect(requests).toHaveTextContent("Yes, on Friday.");
    await user.keyboard("a");
    expect(await screen.findByRole("textbox", { name: "Reply" })).toHaveValue("Yes, on Friday.");
    await user.keyboard("{Escape}a");
    expect(screen.getByRole("textbox", { name: "Reply" })).toHaveValue("Yes, on Friday.");
  });

  it("stands on the row of who waits", async () => {
    open("/inbox/all", { as: sue, before: asks });
    expect(await screen.findByRole("link", { name: /Rowan Blake/ })).toHaveTextContent("waits for Bob");
  });
});

describe("what is written to colleagues without a connection", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    freshOutbox();
  });

  /** Breaks the line; what comes back mends it. */
  function breakLine() {
    const reach = globalThis.fetch;
    globalThis.fetch = () => Promise.reject(new TypeError("no line"));
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    return () => {
      globalThis.fetch = reach;
      vi.restoreAllMocks();
      act(() => void window.dispatchEvent(new Event("online")));
    };
  }
  const written = () => screen.findByRole("region", { name: "Written without a connection" });

  it("keeps an answer in the conversation, and sends it once", async () => {
    const { user, server } = open(`/inbox/asked/${rowan}`, { as: bob, before: asks });
    const requests = await screen.findByRole("region", { name: "Requests" });
    await write(user, within(requests).getByRole("textbox", { name: "Your answer" }), "Yes, on Friday.");
    const mend = breakLine();
    await user.click(within(requests).getByRole("button", { name: "Answer Sue Marsh" }));
    await screen.findByText("Kept. It is sent once, as soon as the line is back.");
    for (const region of await screen.findAllByRole("region", { name: "Written without a connection" })) {
      expect(region).toHaveTextContent("Yes, on Friday.");
    }
    // Nobody is invited to write it a second time.
    expect(within(requests).queryByRole("textbox", { name: "Your answer" })).not.toBeInTheDocument();
    mend();
    await waitFor(() => expect(server.conversations.get(rowan)?.requests[0]?.state).toBe("answered"));
    await waitFor(() => expect(screen.queryByRole("region", { name: /Written without/ })).not.toBeInTheDocument());
    expect(server.writes.filter((w) => w.path.endsWith("/answer"))).toHaveLength(1);
  });

  it("keeps an answer to be copied that came too late", async () => {
    const { user, server } = open(`/inbox/asked/${rowan}`, { as: bob, before: asks });
    const requests = await screen.findByRole("region", { name: "Requests" });
    await write(user, within(requests).getByRole("textbox", { name: "Your answer" }), "Yes, on Friday.");
    const mend = breakLine();
    await user.click(within(requests).getByRole("button", { name: "Answer Sue Marsh" }));
    await screen.findByText("Kept. It is sent once, as soon as the line is back.");
    server.over("POST", "requests/:/answer", () => refuse(409, "This was answered already."));
    mend();
    const alerts = await screen.findAllByText(/This was answered already/);
    const one = alerts[0]!.closest("section")!;
    expect(within(one).queryByRole("button", { name: "Take back" })).not.toBeInTheDocument();
    await user.click(within(one).getByRole("button", { name: "Copy" }));
    expect(await navigator.clipboard.readText()).toBe("Yes, on Friday.");
    expect(one).toHaveTextContent("Yes, on Friday.");
    await user.click(within(one).getByRole("button", { name: "Throw away" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: /Written without/ })).not.toBeInTheDocument());
  });

  it("keeps an answer where the conversation is not to be seen", async () => {
    const { user, server } = open("/inbox/asked", {
      as: bob,
      before: (s) => {
        asks(s);
        const request = planted({ shows: "question", mine: true, can: ["answer"] });
        s.over("GET", "requests", () => ({ items: [{ request, messages: [] }], next: "" }));
      },
    });
    const mine = await screen.findByRole("region", { name: "Questions to you" });
    await write(user, within(mine).getByRole("textbox", { name: "Your answer" }), "Yes, on Friday.");
    const mend = breakLine();
    await user.click(within(mine).getByRole("button", { name: "Answer Sue Marsh" }));
    expect(await written()).toHaveTextContent("Yes, on Friday.");
    await user.click(within(await written()).getByRole("button", { name: "Take back" }));
    expect(await within(mine).findByRole("textbox", { name: "Your answer" })).toHaveValue("Yes, on Friday.");
    await user.click(within(mine).getByRole("button", { name: "Answer Sue Marsh" }));
    await written();
    mend();
    await waitFor(() => expect(server.conversations.get(rowan)?.requests[0]?.state).toBe("answered"));
  });

  it("sends a note under one key until it is there", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("n");
    server.over("POST", "conversations/:/notes", () => refuse(502, "Not now."));
    await write(user, await screen.findByRole("textbox", { name: /Note/ }), "Look at this.");
    const keys = () => server.writes.filter((w) => w.path.endsWith("/notes")).map((w) => w.key);
    for (const n of [1, 2]) {
      await user.keyboard("{Control>}{Enter}{/Control}");
      await waitFor(() => expect(keys()).toHaveLength(n));
      await screen.findAllByText("Not now.");
    }
    expect(new Set(keys()).size).toBe(1);
  });
});
