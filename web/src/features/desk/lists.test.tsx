import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Conversation } from "@/api/types";
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
