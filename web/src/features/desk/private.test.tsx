import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Conversation, Delivery } from "@/api/types";
import { refuse } from "@/test/call";
import type { Pretend } from "@/test/pretend";
import { fullOf } from "@/test/rows";
import { open, write } from "@/test/render";
import "./PrivateDialogue";

const sue = "per_sue000001";
const rowan = "con_000000001"; // Sue's, in public

const limits = { unit: "characters", text: 500, private: 500, media: 4, types: [], size: 0, alt: 100 };

/** The ways there are, and what becomes of what is sent. */
function privately(server: Pretend): Conversation {
  const c = server.conversations.get(rowan)!;
  const direct = { account: c.account.id, handle: "@acme_help", private: true, held: false, to: "@rowan", limits };
  server.over("GET", "conversations/:", () => {
    const full = fullOf(server, c);
    return { ...full, can: [...full.can, "private"] };
  });
  server.over("GET", "conversations/:/private", () => ({
    direct,
    mailboxes: [],
    addresses: [],
    subject: "",
    closing: {},
  }));
  server.over("POST", "conversations/:/private", ({ body }) => {
    const sent: Delivery = {
      id: "del_private", state: "queued", text: body["text"] as string, author: { id: sue, name: "Sue Marsh" }, at: server.at(0), private: true, can: ["cancel"],
    }; // prettier-ignore
    c.deliveries.push(sent);
    return { items: [sent], next: "" };
  });
  return c;
}

async function dialogue(user: ReturnType<typeof open>["user"]) {
  await screen.findByRole("article", { name: "Rowan Blake" });
  await user.keyboard("v");
  return screen.findByRole("dialog");
}
const field = (d: HTMLElement) => within(d).findByRole("textbox", { name: /What you write to them/ });
const sendButton = (d: HTMLElement) => within(d).getByRole("button", { name: /^Send in private/ });
const sent = (server: Pretend) => server.writes.filter((w) => w.path.endsWith("/private"));

it("can be taken back, with the words, and keeps them when it is closed", async () => {
  const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before: privately });
  const first = await dialogue(user);
  await write(user, await field(first), "Your number, please?");
  await user.keyboard("{Escape}");
  const d = await dialogue(user);
  expect(await field(d)).toHaveValue("Your number, please?");
  await user.click(sendButton(d));
  await screen.findByText("Leaves in 10 seconds.");
  expect(sent(server)[0]?.body).toMatchObject({ undo: 10, seen: expect.any(String) });
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(server.conversations.get(rowan)?.deliveries.at(-1)?.state).toBe("cancelled"));
  expect(await field(await dialogue(user))).toHaveValue("Your number, please?");
});

it("is not sent past an answer that came meanwhile, and a retry has the same key", async () => {
  const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before: privately });
  let n = 0;
  server.over("POST", "conversations/:/private", () =>
    n++ === 0 ? refuse(500, "Lost.") : refuse(409, "Somebody has answered meanwhile.", undefined, "answered-meanwhile"),
  );
  const d = await dialogue(user);
  await write(user, await field(d), "Your number, please?");
  await user.click(sendButton(d));
  await screen.findByText("Lost.");
  await user.click(sendButton(d));
  await within(d).findByRole("button", { name: "Send mine as well" });
  expect(new Set(sent(server).map((w) => w.key)).size).toBe(1);
});
