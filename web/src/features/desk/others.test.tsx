import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import type { Other } from "@/api/types";
import { forgetDrafts } from "@/lib/drafts";
import type { Pretend } from "@/test/pretend";
import { open, write } from "@/test/render";
import { rowOf } from "@/test/rows";

const sue = "per_sue000001";
const rowan = "con_000000001";
const lena = "con_000000002";

const anna: Other = { address: "anna@far.example", handle: "Anna@far.example", name: "Anna Berg" };
const ben: Other = { address: "ben@far.example", handle: "ben@far.example", name: "" };
const cleo: Other = { address: "cleo@far.example", handle: "cleo@far.example", name: "Cleo", earlier: true };

const field = () => screen.findByRole("textbox", { name: "Reply" });
const who = () => screen.findByRole("group", { name: "Who gets it" });

/** A mail in which others are. */
function mail(server: Pretend, others: Other[]) {
  server.conversations.get(lena)!.replyAs!.others = others;
}

const answered = (server: Pretend) => server.conversations.get(lena)!.replyAs!.parent;

const replies = (server: Pretend) => server.writes.filter((w) => w.path.endsWith("/reply")).map((w) => w.body);

beforeEach(() => {
  localStorage.clear();
  forgetDrafts();
});

describe("others in a mail", () => {
  it("get an answer only when its writer says so, and the button says to whom it goes", async () => {
    const { user, server } = open(`/inbox/all/${lena}`, { as: sue, before: (s) => mail(s, [anna, ben, cleo]) });
    const group = await who();
    expect(
      within(group).getByRole("button", { name: "Anna Berg <Anna@far.example>", pressed: false }),
    ).toBeInTheDocument();
    await write(user, await field(), "Only you.");
    await user.click(screen.getByRole("button", { name: "Reply as @acme.example, in private" }));
    await waitFor(() => expect(replies(server)).toHaveLength(1));
    expect(replies(server)[0]).not.toHaveProperty("cc");

    await user.click(within(group).getByRole("button", { name: "Reply to all" }));
    expect(within(group).getByRole("button", { name: "ben@far.example", pressed: true })).toBeInTheDocument();
    expect(within(group).getByRole("button", { name: "Cleo <cleo@far.example>", pressed: false })).toBeInTheDocument();
    await write(user, await field(), "All of you.");
    await user.click(screen.getByRole("button", { name: /^Reply as @acme.example to Lena .* and 2 others$/ }));
    await waitFor(() => expect(replies(server)).toHaveLength(2));
    expect(replies(server)[1]).toMatchObject({ cc: ["anna@far.example", "ben@far.example"], ccFor: answered(server) });
    expect(await screen.findAllByText("Also to Anna Berg <Anna@far.example>, ben@far.example")).not.toHaveLength(0);
    expect(
      within(await who()).getByRole("button", { name: "Anna Berg <Anna@far.example>", pressed: false }),
    ).toBeInTheDocument();
  });

  it("are kept with the draft, chosen before a word is written, and come back when it is taken back", async () => {
    const { user, server } = open(`/inbox/all/${lena}`, { as: sue, before: (s) => mail(s, [anna, ben]) });
    await user.click(within(await who()).getByRole("button", { name: "ben@far.example" }));
    await waitFor(() => expect(server.writing.drafts).toMatchObject([{ text: "", cc: ["ben@far.example"] }]), {
      timeout: 5_000,
    });
    expect(within(await who()).getByRole("button", { name: "ben@far.example", pressed: true })).toBeInTheDocument();
    await write(user, await field(), "Too hasty.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(async () =>
      expect(within(await who()).getByRole("button", { name: "ben@far.example", pressed: false })).toBeInTheDocument(),
    );
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(async () => expect(await field()).toHaveValue("Too hasty."));
    expect(within(await who()).getByRole("button", { name: "ben@far.example", pressed: true })).toBeInTheDocument();
  });

  it("who is in no mail any more is not written to", async () => {
    const { user, server } = open(`/inbox/all/${lena}`, { as: sue, before: (s) => mail(s, [anna]) });
    await user.click(within(await who()).getByRole("button", { name: /^Anna Berg/ }));
    mail(server, [ben]);
    act(() => server.tell("message arrived", lena));
    await waitFor(async () => expect(within(await who()).queryByText(/Anna Berg/)).not.toBeInTheDocument());
    await write(user, await field(), "Here.");
    await user.click(screen.getByRole("button", { name: "Reply as @acme.example, in private" }));
    await waitFor(() => expect(replies(server)).toHaveLength(1));
    expect(replies(server)[0]).not.toHaveProperty("cc");
  });

  it("are chosen anew when the contact writes again", async () => {
    const { user, server } = open(`/inbox/all/${lena}`, { as: sue, before: (s) => mail(s, [anna, ben]) });
    await user.click(within(await who()).getByRole("button", { name: /^Anna Berg/ }));
    await write(user, await field(), "Here.");
    // The page has not heard of it yet: the server says so, and the words stay.
    server.conversations.get(lena)!.replyAs!.parent = "msg_later0001";
    await user.click(screen.getByRole("button", { name: /and 1 other$/ }));
    await screen.findByText(/has written again/);
    expect(server.conversations.get(lena)!.deliveries).toEqual([]);
    expect(await field()).toHaveValue("Here.");
    await waitFor(async () =>
      expect(within(await who()).getByRole("button", { name: /^Anna Berg/, pressed: false })).toBeInTheDocument(),
    );
    // Nor is it kept where the page has heard of it.
    await user.click(within(await who()).getByRole("button", { name: /^Anna Berg/ }));
    server.conversations.get(lena)!.replyAs!.parent = "msg_later0002";
    act(() => server.tell("message arrived", lena));
    await waitFor(async () =>
      expect(within(await who()).getByRole("button", { name: /^Anna Berg/, pressed: false })).toBeInTheDocument(),
    );
  });

  it("are forgotten with the last word of what they were to get", async () => {
    const { user } = open(`/inbox/all/${lena}`, { as: sue, before: (s) => mail(s, [anna, ben]) });
    await user.click(within(await who()).getByRole("button", { name: /^Anna Berg/ }));
    await write(user, await field(), "Here.");
    expect(within(await who()).getByRole("button", { name: /^Anna Berg/, pressed: true })).toBeInTheDocument();
    await user.clear(await field());
    expect(within(await who()).getByRole("button", { name: /^Anna Berg/, pressed: false })).toBeInTheDocument();
  });

  it("are shown with their address, whatever the writer of the mail calls them", async () => {
    const forged: Other = { address: "eve@evil.example", handle: "eve@evil.example", name: "Anna\u202e Berg" };
    open(`/inbox/all/${lena}`, { as: sue, before: (s) => mail(s, [anna, forged]) });
    const group = await who();
    expect(within(group).getByRole("button", { name: "Anna Berg <Anna@far.example>" })).toBeInTheDocument();
    expect(within(group).getByRole("button", { name: "Anna Berg <eve@evil.example>" })).toBeInTheDocument();
  });

  it("are one line on a phone, which unfolds", async () => {
    const { user } = open(`/inbox/all/${lena}`, { as: sue, width: 390, before: (s) => mail(s, [anna, ben, cleo]) });
    const group = await who();
    const line = within(group).getByRole("button", { expanded: false, name: /^To Lena .* · 3 others in the mails$/ });
    expect(within(group).queryByRole("button", { name: /^Anna Berg/ })).not.toBeInTheDocument();
    await user.click(line);
    await user.click(within(group).getByRole("button", { name: /^Anna Berg/ }));
    expect(line).toHaveAccessibleName(/ and 1 of the 3 others$/);
    await user.click(line);
    expect(within(group).queryByRole("button", { name: /^Anna Berg/ })).not.toBeInTheDocument();
  });

  it("are found where they answered themselves", async () => {
    const { user, address } = open(`/inbox/all/${lena}`, {
      as: sue,
      before: (s) => (s.conversations.get(lena)!.inMail = [rowOf(s, s.conversations.get(rowan)!)]),
    });
    const part = await screen.findByRole("region", { name: "Others in this mail who wrote" });
    await user.click(within(part).getByRole("link", { name: /Rowan Blake: / }));
    await waitFor(() => expect(address()).toContain(rowan));
  });

  it("are not asked about where there are none", async () => {
    open(`/inbox/all/${rowan}`, { as: sue });
    await field();
    expect(screen.queryByRole("group", { name: "Who gets it" })).not.toBeInTheDocument();
  });
});
