import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Conversation } from "@/api/types";
import { refuse } from "@/test/call";
import type { Pretend } from "@/test/pretend";
import { open, write } from "@/test/render";
import "@/app/pages/board";
import "@/features/desk/AlikeDialogue";

const grace = "per_grace0001";

/** Puts some open public conversations of one account under one post, and returns them. */
function underOnePost(server: Pretend): Conversation[] {
  const all = [...server.conversations.values()].filter(
    (c) => c.state === "open" && !c.private && c.account.channel === "mastodon",
  );
  all.forEach((c) => Object.assign(c, { thread: "post", under: { people: all.length, waiting: all.length } }));
  return all;
}

function storm() {
  let all: Conversation[] = [];
  const page = open("/board", { as: grace, before: (server) => void (all = underOnePost(server)) });
  return { ...page, all };
}

it("does by its keys to all that are chosen, whichever conversation is opened meanwhile", async () => {
  const { user, server } = open("/inbox/all", { as: grace });
  const [first, second, third] = await screen.findAllByRole("checkbox", { name: /^Choose/ });
  await user.click(first!);
  await user.click(second!);
  await screen.findByText("2 chosen");
  await user.click(third!.closest("li, [data-conversation]")!.querySelector("a")!);
  await screen.findByRole("textbox", { name: "Reply" });
  await user.keyboard("e");
  await waitFor(() => expect(server.lastWrite?.path).toBe("/api/conversations/bulk"));
  expect(server.lastWrite?.body["items"]).toHaveLength(2);
});

it("does nothing by the same keys while it is being done", async () => {
  const { user, server } = open("/inbox/all", { as: grace });
  await user.click((await screen.findAllByRole("checkbox", { name: /^Choose/ }))[0]!);
  await screen.findByText("1 chosen");
  let go = () => {};
  const held = new Promise<void>((done) => (go = done));
  const through = fetch;
  vi.stubGlobal("fetch", async (input: Request) => {
    const answered = await through(input);
    if (input.url.endsWith("/bulk")) {
      await held;
    }
    return answered;
  });
  await user.keyboard("e");
  await screen.findByText("0 of 1");
  await user.keyboard("es");
  go();
  await waitFor(() => expect(screen.queryByText("0 of 1")).not.toBeInTheDocument());
  expect(server.writes.filter((w) => w.path.endsWith("/bulk"))).toHaveLength(1);
});

describe("one post that several write under", () => {
  it("is opened by a key from one of them", async () => {
    const { all, history, user, address } = storm();
    history.push(`/inbox/all/${all[0]!.id}`);
    await screen.findByRole("textbox", { name: "Reply" });
    await user.keyboard("o");
    await waitFor(() => expect(address()).toContain("/threads"));
    expect(await screen.findByText(`${all.length} people write here, ${all.length} waiting.`)).toBeInTheDocument();
    expect(screen.getByText("Our new rocket skates are here.")).toBeInTheDocument();
  });

  it("is answered alike, each with an answer of their own, but not who was answered meanwhile", async () => {
    const { all: to, history, user, server } = storm();
    expect(to.length).toBeGreaterThan(1);
    history.push(`/threads?account=${to[0]!.account.id}&thread=post`);
    await user.click(await screen.findByRole("button", { name: "Answer all who wait alike" }));
    const dialogue = await screen.findByRole("dialog");
    await write(user, within(dialogue).getByRole("textbox"), "Hello {name}, they come on Monday.");
    await user.click(within(dialogue).getByRole("button", { name: "See what each gets" }));
    expect(within(dialogue).getAllByRole("textbox")).toHaveLength(to.length);
    expect(within(dialogue).getAllByRole("textbox")[0]).toHaveValue(
      `Hello ${to[0]!.contact.name}, they come on Monday.`,
    );

    // While this is read a colleague closes the first.
    to[0]!.state = "closed";
    await user.click(within(dialogue).getByRole("button", { name: `Send ${to.length} answers` }));
    expect(await within(dialogue).findByRole("alert")).toHaveTextContent("it was answered or closed meanwhile");
    const sent = server.writes.filter((w) => w.path.endsWith("/reply"));
    expect(sent.map((w) => w.path)).toEqual(to.slice(1).map((c) => `/api/conversations/${c.id}/reply`));
    expect(sent.map((w) => w.body["text"])).toEqual(
      to.slice(1).map((c) => `Hello ${c.contact.name}, they come on Monday.`),
    );
    expect(new Set(sent.map((w) => w.key)).size).toBe(sent.length);
  });

  /** Opens the dialogue over those who write under one post, with a text prepared for each. */
  async function prepared(page: ReturnType<typeof storm>, text: string) {
    const { all: to, history, user } = page;
    history.push(`/threads?account=${to[0]!.account.id}&thread=post`);
    await user.click(await screen.findByRole("button", { name: "Answer all who wait alike" }));
    const dialogue = await screen.findByRole("dialog");
    await write(user, within(dialogue).getByRole("textbox"), text);
    await user.click(within(dialogue).getByRole("button", { name: "See what each gets" }));
    return dialogue;
  }
  const sent = (server: Pretend) => server.writes.filter((w) => w.path.endsWith("/reply"));
  const lastOf = (c: Conversation) => c.deliveries.at(-1);

  it("is taken back as a whole, with the text", async () => {
    const page = storm();
    const { all: to, user } = page;
    const dialogue = await prepared(page, "They come soon.");
    await user.click(within(dialogue).getByRole("button", { name: /^Send / }));
    await screen.findByText(`${to.length} answers are on their way.`);
    expect(to.map((c) => lastOf(c)?.state)).toEqual(to.map(() => "queued"));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText(`${to.length} not sent. The text is kept.`);
    expect(to.map((c) => lastOf(c)?.state)).toEqual(to.map(() => "cancelled"));
    expect(within(dialogue).getAllByRole("textbox")[0]).toHaveValue("They come soon.");
  });

  it("is not answered twice after a lost answer, and not beside an answer that waits", async () => {
    const page = storm();
    const { all: to, user, server } = page;
    to[0]!.deliveries.push({
      id: "del_held", state: "held", text: "Hm.", author: { id: grace, name: "Grace" }, at: to[0]!.openedAt, private: false, can: [],
    }); // prettier-ignore
    let lost = 0;
    server.over("POST", "conversations/:/reply", () => refuse(500, `Lost ${++lost}.`));
    const dialogue = await prepared(page, "They come soon.");
    await user.click(within(dialogue).getByRole("button", { name: /^Send / }));
    expect(await within(dialogue).findByText(/an answer of yours is on its way/)).toBeInTheDocument();
    await within(dialogue).findByText(/Lost 1/);
    // The second arrived after all; the others are tried again under their keys.
    to[1]!.deliveries.push({
      id: "del_late", state: "queued", text: "They come soon.", author: { id: grace, name: "Grace" }, at: server.at(0), private: false, can: [],
    }); // prettier-ignore
    const first = sent(server);
    expect(first.map((w) => w.path)).toEqual(to.slice(1).map((c) => `/api/conversations/${c.id}/reply`));
    await user.click(await within(dialogue).findByRole("button", { name: /^Send / }));
    await waitFor(() => expect(sent(server)).toHaveLength(2 * first.length - 1));
    expect(
      sent(server)
        .slice(first.length)
        .map((w) => w.key),
    ).toEqual(first.slice(1).map((w) => w.key));
    expect(await within(dialogue).findByText("on its way")).toBeInTheDocument();
  });

  it("is read before it leaves: what everybody could read, and what it promises", async () => {
    const page = storm();
    const { all: to, user, server } = page;
    const dialogue = await prepared(page, "Call +49 30 1234567. We'll get back to you by Friday.");
    await user.click(within(dialogue).getByRole("button", { name: /^Send / }));
    await within(dialogue).findByText("Look at what stands under them, then send.");
    expect(within(dialogue).getAllByText(/Everybody can read this/)).toHaveLength(to.length);
    expect(within(dialogue).getAllByText(/This promises something/)).toHaveLength(to.length);
    expect(sent(server)).toHaveLength(0);
    await user.click(within(dialogue).getByRole("button", { name: /^Send / }));
    await waitFor(() => expect(sent(server)).toHaveLength(to.length));
    expect(sent(server)[0]?.body["promises"]).toMatchObject([{ text: "We'll get back to you by Friday." }]);
  });

  it("keeps the text, and what was changed for one, when the dialogue is closed", async () => {
    const page = storm();
    const { user } = page;
    const dialogue = await prepared(page, "They come.");
    await write(user, within(dialogue).getAllByRole("textbox")[0]!, " Yours first.");
    await user.keyboard("{Escape}");
    await user.click(await screen.findByRole("button", { name: "Answer all who wait alike" }));
    const again = await screen.findByRole("dialog");
    expect(within(again).getByRole("textbox")).toHaveValue("They come.");
    await user.click(within(again).getByRole("button", { name: "See what each gets" }));
    expect(within(again).getAllByRole("textbox")[0]).toHaveValue("They come. Yours first.");
  });

  it("leaves out whom one leaves out", async () => {
    const { all: to, history, user, server } = storm();
    history.push(`/threads?account=${to[0]!.account.id}&thread=post`);
    await user.click(await screen.findByRole("button", { name: "Answer all who wait alike" }));
    const dialogue = await screen.findByRole("dialog");
    await write(user, within(dialogue).getByRole("textbox"), "They come on Monday.");
    await user.click(within(dialogue).getByRole("button", { name: "See what each gets" }));
    await user.click(within(dialogue).getAllByRole("button", { name: "Leave out" })[0]!);
    await user.click(within(dialogue).getByRole("button", { name: /^Send / }));
    await waitFor(() => expect(server.writes.filter((w) => w.path.endsWith("/reply"))).toHaveLength(to.length - 1));
    expect(server.writes.some((w) => w.path.includes(to[0]!.id))).toBe(false);
  });
});

describe("many at once", () => {
  it("are closed one by one at the server, and opened again by undo", async () => {
    const { user, server } = open("/inbox/all", { as: grace });
    const rows = await waitFor(() => {
      const found = screen.getAllByRole("checkbox", { name: /^Choose/ });
      expect(found.length).toBeGreaterThan(2);
      return found;
    });
    await user.click(rows[0]!);
    await user.click(rows[1]!);
    await user.click(
      within(await screen.findByRole("toolbar", { name: /chosen/i })).getByRole("button", { name: "Close" }),
    );
    await screen.findByText("2 done.");
    const closed = server.writes.find((w) => w.path.endsWith("/bulk"))!.body["items"] as { id: string }[];
    expect(closed.map(({ id }) => server.conversations.get(id)?.state)).toEqual(["closed", "closed"]);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(closed.map(({ id }) => server.conversations.get(id)?.state)).toEqual(["open", "open"]));
  });
});

describe("many at once, when the line breaks off on the way", () => {
  /** Forty are closed, and the second lot fails once; what is sent is noted, with its keys. */
  async function broken() {
    const all: Conversation[] = [];
    const page = open("/inbox/all", {
      as: grace,
      before: (s) => {
        const like = [...s.conversations.values()].find((c) => c.state === "open")!;
        s.conversations.clear();
        for (let k = 0; k < 40; k++) {
          all.push({ ...structuredClone(like), id: `con_many${String(k).padStart(5, "0")}` });
        }
        all.forEach((c) => s.conversations.set(c.id, c));
      },
    });
    const { user } = page;
    const keys: (string | null)[] = [];
    const through = fetch;
    vi.stubGlobal("fetch", (input: Request) => {
      if (input.url.endsWith("/bulk")) {
        keys.push(input.headers.get("Idempotency-Key"));
        if (keys.length === 2) {
          return Promise.resolve(new Response(JSON.stringify({ detail: "It broke off." }), { status: 503 }));
        }
      }
      return through(input);
    });
    await user.click((await screen.findAllByRole("checkbox", { name: /^Choose/ }))[0]!);
    await user.click(await screen.findByRole("button", { name: /^Choose all/ }));
    await screen.findByText("40 chosen");
    await user.keyboard("e");
    await screen.findByText("It broke off.");
    const closed = () => all.filter((c) => c.state === "closed").length;
    expect(closed()).toBe(25);
    return { ...page, closed, keys };
  }

  it("what was done can be undone", async () => {
    const { user, closed } = await broken();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("25 put back as they were.");
    expect(closed()).toBe(0);
    expect(screen.queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
  });

  it("the rest is done when it is tried again, under the same key, and all of it can be undone", async () => {
    const { user, closed, keys } = await broken();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByText("40 done.");
    expect(closed()).toBe(40);
    expect(keys).toHaveLength(3);
    expect(keys[2]).toBe(keys[1]);
    expect(keys[1]).not.toBe(keys[0]);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await screen.findByText("40 put back as they were.");
    expect(closed()).toBe(0);
  });
});

describe("the board", () => {
  it("shows of a storm under a post what was posted", async () => {
    const { all: items, server, history } = storm();
    const at = items[0]!.lastAt;
    server.over("GET", "incidents/:", () => ({
      ...{
        id: "inc_1",
        kind: "post",
        what: "post",
        open: true,
        startedAt: at,
        lastAt: at,
        seen: 12,
        usual: 1,
        can: [],
        items,
      },
      ...{ conversations: items.length, waiting: items.length },
    }));
    history.push("/incidents/inc_1");
    expect(await screen.findByText("Our new rocket skates are here.")).toBeInTheDocument();
    expect(screen.getByRole("heading", { name: "Under one post" })).toBeInTheDocument();
  });

  it("shows a storm as one incident, which is taken as a whole", async () => {
    const { user, server, address } = storm();
    server.on("POST", "incidents/:/take", () => ({ left: 0 }));
    await user.click(await screen.findByRole("button", { name: /“skates”/ }));
    await waitFor(() => expect(address()).toBe("/incidents/inc_1"));
    await user.click(await screen.findByRole("button", { name: "Take it as a whole" }));
    const dialogue = await screen.findByRole("dialog");
    await user.click(within(dialogue).getByRole("combobox", { name: "To which department" }));
    await user.click(await screen.findByRole("option", { name: "Customer service" }));
    await user.click(within(dialogue).getByRole("button", { name: /^Put/ }));
    await screen.findByText("Put through. What joins later follows.");
    expect(server.lastWrite?.body).toEqual({ department: "dep_service01" });
  });
});
