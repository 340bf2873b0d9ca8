import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { open, write } from "@/test/render";
import { showMessage } from "./earlier";

const sue = "per_sue000001";
const bob = "per_bob000001";
const rowan = "con_000000001"; // Sue's, public, on Mastodon
const lena = "con_000000002"; // nobody's, private, on Bluesky, for Accounts

describe("the inbox", () => {
  it("answers of every conversation: who, what, whose, how long", async () => {
    open("/inbox/all", { as: sue });
    const row = await screen.findByRole("link", { name: /Rowan Blake/ });
    expect(row).toHaveTextContent("Customer");
    expect(row).toHaveTextContent("Complaint");
    expect(row).toHaveTextContent("Here you go");
    expect(row).toHaveTextContent("Sue Marsh");
    expect(row).toHaveTextContent("@acme_help");
    expect(row).toHaveTextContent("3 min over");
    expect(await screen.findByRole("link", { name: /Lena Fischer/ })).toHaveTextContent("nobody yet");
  });

  it("keeps its filters in the address", async () => {
    const { user, address } = open("/inbox/all", { as: sue });
    await screen.findByRole("link", { name: /Rowan Blake/ });
    await write(user, screen.getByRole("searchbox", { name: "Search this list" }), "rocket skates");
    await waitFor(() => expect(address()).toContain("q=rocket"));
    await waitFor(() => expect(screen.queryByRole("link", { name: /Rowan Blake/ })).not.toBeInTheDocument());
    expect(screen.getByRole("link", { name: /Jonas Weber/ })).toBeInTheDocument();
    await user.click(screen.getByRole("radio", { name: "Closed" }));
    await waitFor(() => expect(address()).toContain("state=closed"));
    expect(await screen.findByText(/Nothing in this list says/)).toBeInTheDocument();
  });

  it("teaches when it is empty", async () => {
    open("/inbox/mine", { as: "per_petra0001" });
    expect(await screen.findByText(/press C to take it/)).toBeInTheDocument();
  });

  it("is walked through with J and K", async () => {
    const { user, address } = open("/inbox/all", { as: sue });
    await screen.findByRole("link", { name: /Rowan Blake/ });
    await user.keyboard("j");
    await screen.findByRole("article");
    const first = address();
    await user.keyboard("j");
    await waitFor(() => expect(address()).not.toBe(first));
    await user.keyboard("k");
    await waitFor(() => expect(address()).toBe(first));
  });

  it("goes on by as many as J was pressed, however fast", async () => {
    const { user, address } = open("/inbox/all", { as: sue });
    await screen.findByRole("link", { name: /Rowan Blake/ });
    const third = document.querySelectorAll("[data-conversation]")[2]!.getAttribute("data-conversation");
    await user.keyboard("jjj");
    await waitFor(() => expect(address()).toContain(third));
  });

  it("shows what arrives without being asked", async () => {
    const { server } = open(`/inbox/all/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    act(() => server.arrive(rowan, "Hello? Anybody?"));
    await waitFor(() => expect(screen.getAllByText("Hello? Anybody?").length).toBeGreaterThan(1));
  });

  it("has a message in a foreign language translated", async () => {
    const { user } = open("/inbox/all", { as: sue });
    await user.click(await screen.findByRole("link", { name: /Amélie Roux/ }));
    await user.click((await screen.findAllByRole("button", { name: "Translate" }))[0]!);
    expect(await screen.findByText("Where is my bill?")).toBeInTheDocument();
    expect(screen.getByText(/Translated from French by a language model \(tiny\)/)).toBeInTheDocument();
  });

  it("shows one thing at a time on a phone", async () => {
    const { user } = open("/inbox/all", { as: sue, width: 390 });
    await user.click(await screen.findByRole("link", { name: /Rowan Blake/ }));
    expect(await screen.findByRole("article", { name: "Rowan Blake" })).toBeInTheDocument();
    expect(screen.queryByRole("list", { name: "Conversations" })).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Back to the list" }));
    expect(await screen.findByRole("list", { name: "Conversations" })).toBeInTheDocument();
  });
});

describe("a conversation", () => {
  it("that is long shows its end at once, and what was before when it is wanted", async () => {
    const before = (server: { arrive: (id: string, text: string) => void }) => {
      for (let n = 1; n <= 60; n++) {
        server.arrive(rowan, `Are you there? (${n})`);
      }
    };
    const { user } = open(`/inbox/all/${rowan}`, { as: sue, before });
    const article = await screen.findByRole("article", { name: "Rowan Blake" });
    expect(within(article).getByText("Are you there? (60)")).toBeInTheDocument();
    expect(within(article).queryByText("Are you there? (2)")).not.toBeInTheDocument();
    await user.click(within(article).getByRole("button", { name: /Show the \d+ entries before/ }));
    expect(within(article).getByText("Are you there? (2)")).toBeInTheDocument();
    expect(within(article).queryByRole("button", { name: /entries before/ })).not.toBeInTheDocument();
  });

  it("brings what somebody points at into sight, however long ago it was", async () => {
    open(`/inbox/all/${rowan}`, {
      as: sue,
      before: (server) => Array.from({ length: 60 }, (_, n) => server.arrive(rowan, `Are you there? (${n})`)),
    });
    const article = await screen.findByRole("article", { name: "Rowan Blake" });
    const { id } = within(article).getByText("Are you there? (59)").closest("[data-direction]")!;
    expect(id).toMatch(/^entry-/);
    const first = (await fetch(new Request(`http://localhost/api/conversations/${rowan}`)).then((r) => r.json())) as {
      timeline: { id: string; kind: string }[];
    };
    const oldest = first.timeline.find((e) => e.kind === "message")!.id;
    expect(document.getElementById(`entry-${oldest}`)).toBeNull();
    if (!("scrollIntoView" in Element.prototype)) {
      Object.assign(Element.prototype, { scrollIntoView: () => undefined });
    }
    act(() => showMessage(oldest));
    expect(document.getElementById(`entry-${oldest}`)).toHaveFocus();
  });

  it("never lets public and private look alike", async () => {
    open(`/inbox/all/${rowan}`, { as: sue });
    const article = await screen.findByRole("article", { name: "Rowan Blake" });
    expect(within(article).getByRole("button", { name: "Reply as @acme_help, in public" })).toBeInTheDocument();
    expect(within(article).getAllByText("Public").length).toBeGreaterThan(0);
    expect(within(article).queryByText("Private")).not.toBeInTheDocument();
  });

  it("is claimed with C, and given back by undo", async () => {
    const { user, server } = open(`/inbox/all/${lena}`, { as: bob });
    await screen.findByRole("button", { name: "Claim" });
    await user.keyboard("c");
    await screen.findByText("It is yours.");
    expect(server.conversations.get(lena)?.owner.person?.name).toBe("Bob Carter");
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(server.conversations.get(lena)?.owner.person).toBeUndefined());
  });

  it("is put through to the best in two keys", async () => {
    const { user, server } = open(`/inbox/all/${lena}`, { as: sue });
    await screen.findByRole("article", { name: "Lena Fischer" });
    await user.keyboard("p");
    const list = await screen.findByRole("listbox", { name: "Who could answer" });
    await within(list).findByText(/knows invoices, VAT/);
    await user.keyboard("{Enter}");
    await screen.findByText("Put through to Bob Carter.");
    expect(server.conversations.get(lena)?.owner.person?.name).toBe("Bob Carter");
  });

  it("asks who knows, and hands over with a reason", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("p");
    await write(user, await screen.findByRole("combobox", { name: "Who knows?" }), "safety");
    await write(user, screen.getByRole("textbox", { name: /Say why/ }), "cracked metal");
    await waitFor(() => expect(screen.getByRole("button", { name: "Put through to Olu Bankole" })).toBeInTheDocument());
    await user.click(screen.getByRole("button", { name: "Put through to Olu Bankole" }));
    await waitFor(() =>
      expect(server.lastWrite?.body).toMatchObject({ person: "per_olu000001", reason: "cracked metal" }),
    );
  });

  it("is closed with E: the next one is shown, and undo brings it back", async () => {
    const { user, server, address } = open(`/inbox/mine/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("e");
    await screen.findByText("Closed.");
    expect(server.conversations.get(rowan)?.state).toBe("closed");
    expect(address()).not.toContain(rowan);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(server.conversations.get(rowan)?.state).toBe("open"));
    await waitFor(() => expect(address()).toContain(rowan));
  });

  it("closed right after another can be undone, and so can the other", async () => {
    const { user, server, address } = open(`/inbox/mine/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("e");
    await screen.findByText("Closed.");
    await waitFor(() => expect(screen.getByRole("textbox", { name: "Reply" })).toBeInTheDocument());
    const next = address().split("/").pop()!;
    expect(next).not.toBe(rowan);
    await user.keyboard("e");
    await waitFor(() => expect(screen.getAllByRole("button", { name: "Undo" })).toHaveLength(2));
    await user.click(screen.getAllByRole("button", { name: "Undo" })[0]!);
    await waitFor(() => expect(server.conversations.get(rowan)?.state).toBe("open"));
    expect(server.conversations.get(next)?.state).toBe("closed");
  });

  it("is snoozed until a time that people say", async () => {
    const { user, server } = open(`/inbox/mine/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("z");
    await user.click(await screen.findByRole("button", { name: /Tomorrow morning/ }));
    await screen.findByText(/Snoozed until tomorrow 09:00/);
    expect(server.conversations.get(rowan)?.state).toBe("snoozed");
  });

  it("tells why it is here, and lets the intent be corrected", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    const article = await screen.findByRole("article", { name: "Rowan Blake" });
    await user.click(within(article).getByRole("button", { name: /Put through to Sue Marsh: the words parcel/ }));
    expect(await screen.findByText(/by the responsibility map, 86 % sure/)).toBeInTheDocument();
    await user.selectOptions(screen.getByRole("combobox", { name: "Correct the intent" }), "support");
    await waitFor(() => expect(server.conversations.get(rowan)?.intent).toBe("support"));
    await user.click(within(article).getByRole("button", { name: "Correct what was understood" }));
    const dialogue = await screen.findByRole("dialog", { name: "What was understood" });
    await user.selectOptions(within(dialogue).getByRole("combobox", { name: "How urgent it is" }), "Today");
    await user.click(within(dialogue).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.conversations.get(rowan)).toMatchObject({ urgency: "today", intent: "support" }));
  });

  it("lets urgency and language be corrected beside it, and takes that back", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.selectOptions(screen.getByRole("combobox", { name: "Correct how urgent it is" }), "Now");
    await waitFor(() => expect(server.conversations.get(rowan)?.urgency).toBe("now"));
    await user.selectOptions(screen.getByRole("combobox", { name: "Correct the language" }), "Dutch");
    await waitFor(() => expect(server.conversations.get(rowan)?.language).toBe("nl"));
    await user.click((await screen.findAllByRole("button", { name: "Undo" })).at(-1)!);
    await waitFor(() => expect(server.conversations.get(rowan)?.language).toBe("en"));
    expect(server.conversations.get(rowan)?.urgency).toBe("now");
  });

  it("stands for all that it was thought to want again when a corrected intent is taken back", async () => {
    const wants = ["complaint", "billing"];
    const { user, server } = open(`/inbox/all/${rowan}`, {
      as: sue,
      before: (s) => void Object.assign(s.conversations.get(rowan)!, { intents: wants }),
    });
    const intent = await screen.findByRole("combobox", { name: "Correct the intent" });
    await within(intent).findByRole("option", { name: "Support" });
    await user.selectOptions(intent, "support");
    await waitFor(() => expect(server.conversations.get(rowan)?.intents).toEqual(["support"]));
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(server.conversations.get(rowan)?.intents).toEqual(wants));
    expect(server.lastWrite).toMatchObject({ path: `/api/conversations/${rowan}/undo`, body: { do: "intent" } });
  });

  it("is set aside with the keys alone when it needs no answer, and undo brings it back", async () => {
    const { user, server, address } = open(`/inbox/mine/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("f");
    const dialogue = await screen.findByRole("dialog", { name: "What was understood" });
    await waitFor(() => expect(within(dialogue).getByRole("combobox", { name: "They want" })).toHaveFocus());
    await user.selectOptions(within(dialogue).getByRole("combobox", { name: "Whether it needs an answer" }), "Needs no answer"); // prettier-ignore
    await user.click(within(dialogue).getByRole("button", { name: "Save" }));
    await waitFor(() => expect(server.conversations.get(rowan)).toMatchObject({ needs: "none", setAside: true }));
    expect(address()).not.toContain(rowan);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(server.conversations.get(rowan)).toMatchObject({ needs: "must", state: "open" }));
    await waitFor(() => expect(address()).toContain(rowan));
  });

  it("leaves the page to a dialogue: Esc closes that alone", async () => {
    const { user, address } = open(`/inbox/mine/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("z");
    await screen.findByRole("dialog");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(address()).toContain(rowan);
  });

  it("offers nothing to somebody who only looks on", async () => {
    open(`/inbox/all/${rowan}`, { as: "per_victor001" });
    await screen.findByRole("article", { name: "Rowan Blake" });
    expect(screen.queryByRole("textbox", { name: "Reply" })).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Close" })).not.toBeInTheDocument();
  });
});
