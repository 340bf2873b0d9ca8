import { refuse } from "@/test/call";
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { keptWhole } from "@/lib/drafts";
import { open, write } from "@/test/render";

const sue = "per_sue000001";
const rowan = "con_000000001";
const lena = "con_000000002";

/** Holds what is written to an address until it is let go. */
function hold(end: string) {
  const reach = globalThis.fetch;
  let go = () => {};
  const gate = new Promise<void>((open) => (go = open));
  const arrive = { held: 0, go };
  globalThis.fetch = async (input, init) => {
    if ((input as Request).url.endsWith(end)) {
      arrive.held++;
      await gate;
    }
    return reach(input, init);
  };
  return arrive;
}

const field = () => screen.findByRole("textbox", { name: "Reply" });

describe("the composer", () => {
  it("sends an answer once, with what was seen and time to take it back", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await field(), "A new one left today.");
    await user.click(screen.getByRole("button", { name: "Reply as @acme_help, in public" }));
    await screen.findByText("Leaves in 10 seconds.");
    const reply = server.writes.filter((w) => w.path.endsWith("/reply"));
    expect(reply).toHaveLength(1);
    expect(reply[0]?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(reply[0]?.body).toMatchObject({
      text: "A new one left today.",
      private: false,
      undo: 10,
      then: "waiting",
      seen: expect.any(String),
    });
    expect(await field()).toHaveValue("");
  });

  it("gives the words back when it is taken back", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await field(), "Too hasty.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(server.conversations.get(rowan)?.deliveries.at(-1)?.state).toBe("cancelled"));
    await waitFor(async () => expect(await field()).toHaveValue("Too hasty."));
  });

  it("keeps what was typed since when it is taken back", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await field(), "Too hasty.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    const undo = await screen.findByRole("button", { name: "Undo" });
    await write(user, await field(), "And one more thing.");
    await user.click(undo);
    await waitFor(() => expect(server.conversations.get(rowan)?.deliveries.at(-1)?.state).toBe("cancelled"));
    await waitFor(async () => expect(await field()).toHaveValue("Too hasty.\n\nAnd one more thing."));
  });

  it("keeps what is typed while it is being sent, as private as it was", async () => {
    const { user } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await field(), "It left today.");
    await user.click(screen.getByRole("button", { name: "Answer in private instead" }));
    const arrive = hold("/reply");
    await user.click(await field());
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(arrive.held).toBe(1));
    await write(user, await field(), " It should be there on Friday.");
    arrive.go();
    await screen.findByText("Leaves in 10 seconds.");
    expect(await field()).toHaveValue("It should be there on Friday.");
    expect(keptWhole(`${sue}:${rowan}:reply`).private).toBe(true);
  });

  it("keeps what is typed while a note is being sent", async () => {
    const { user } = open(`/inbox/all/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("n");
    const note = await screen.findByRole("textbox", { name: "Note" });
    await write(user, note, "Called the depot.");
    const arrive = hold("/notes");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(arrive.held).toBe(1));
    await write(user, note, " They call back.");
    arrive.go();
    await screen.findByText("Note added.");
    expect(note).toHaveValue("They call back.");
  });

  it("keeps a draft when one looks elsewhere", async () => {
    const { user } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await field(), "Half a sen");
    await user.click(screen.getByRole("link", { name: /Dario Conti/ }));
    await screen.findByRole("article", { name: "Dario Conti" });
    expect(await field()).toHaveValue("");
    await user.click(screen.getByRole("link", { name: /Rowan Blake/ }));
    await screen.findByRole("article", { name: "Rowan Blake" });
    expect(await field()).toHaveValue("Half a sen");
  });

  it("does not speak past a colleague who answered meanwhile", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await field(), "We are looking into it.");
    const c = server.conversations.get(rowan)!;
    act(() => {
      c.timeline.push({
        kind: "message",
        id: "msg_tom",
        at: new Date().toISOString(),
        direction: "out",
        private: false,
        from: { name: "ACME help", handle: "@acme_help@social.example", personName: "Tom Adeyemi" },
        text: "Done!",
        media: [],
      });
    });
    await user.keyboard("{Control>}{Enter}{/Control}");
    const warning = await screen.findByRole("alert");
    expect(warning).toHaveTextContent(/answered while you were writing/);
    await waitFor(() => expect(warning).toHaveTextContent("Done!"));
    expect(await field()).toHaveValue("We are looking into it.");
    await user.click(within(warning).getByRole("button", { name: "Send mine as well" }));
    await screen.findByText("Leaves in 10 seconds.");
    expect(server.lastWrite?.body).toMatchObject({ seen: "msg_tom" });
  });

  it("says what is wrong where it is not that somebody answered meanwhile", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    server.over("POST", "conversations/:/reply", () => refuse(409, "The account @acme_help is disconnected."));
    await write(user, await field(), "We are looking into it.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("The account @acme_help is disconnected.")).toBeInTheDocument();
    expect(screen.queryByText(/answered while you were writing/)).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Send mine as well" })).not.toBeInTheDocument();
  });

  it("does not say an answer twice whose first try broke off", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    const taken = new Set<string | null>();
    server.over("POST", "conversations/:/reply", ({ header, body }) => {
      const key = header.get("Idempotency-Key");
      if (taken.has(key)) {
        refuse(409, "An earlier try has not ended, or broke off.", undefined, "broken-off");
      }
      taken.add(key);
      if (taken.size === 1) {
        server.conversations.get(rowan)!.deliveries.push({
          id: "del_first", state: "queued", text: body["text"] as string, author: { id: sue, name: "Sue" }, at: server.at(0), private: false, can: ["cancel"],
        }); // prettier-ignore
      }
      return refuse(500, "Something went wrong on our side.");
    });
    await write(user, await field(), "We are looking into it.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText("Something went wrong on our side.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText("Leaves in 10 seconds.");
    expect(await field()).toHaveValue("");
    expect(new Set(server.writes.filter((w) => w.path.endsWith("/reply")).map((w) => w.key)).size).toBe(1);
  });

  it("leaves it to a person to send again what broke off and is not to be seen", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    server.over("POST", "conversations/:/reply", () =>
      refuse(409, "An earlier try has not ended, or broke off.", undefined, "broken-off"),
    );
    await write(user, await field(), "We are looking into it.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    const warning = await screen.findByRole("alert");
    expect(warning).toHaveTextContent(/broke off/);
    expect(await field()).toHaveValue("We are looking into it.");
    await user.click(within(warning).getByRole("button", { name: "Send it again" }));
    await waitFor(() =>
      expect(new Set(server.writes.filter((w) => w.path.endsWith("/reply")).map((w) => w.key)).size).toBe(2),
    );
  });

  it("answers a private message in private, and offers no public way", async () => {
    open(`/inbox/all/${lena}`, { as: sue });
    expect(await screen.findByRole("button", { name: "Reply as @acme.example, in private" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Answer in public" })).not.toBeInTheDocument();
  });

  it("counts as the channel does, and does not send what is too long", async () => {
    const { user } = open(`/inbox/all/${rowan}`, { as: sue });
    await user.click(await field());
    await user.paste("x".repeat(501));
    expect(await screen.findByText("1 too long")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Reply as @acme_help, in public" })).toBeDisabled();
  });

  it("says when somebody has to approve first", async () => {
    const { user } = open(`/inbox/all/${lena}`, { as: "per_bob000001" });
    await write(user, await field(), "It is corrected.");
    expect(screen.getByText(/A colleague approves your answer/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Ask to reply as @acme.example, in private" }));
    expect(await screen.findByText("Waits for an approval.")).toBeInTheDocument();
  });

  it("keeps notes apart from answers", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await screen.findByRole("article", { name: "Rowan Blake" });
    await user.keyboard("n");
    await write(user, await screen.findByRole("textbox", { name: "Note" }), "Called the depot.");
    await user.click(screen.getByRole("button", { name: "Add the note, inside only" }));
    await screen.findByText("Note added.");
    expect(server.lastWrite).toMatchObject({ path: `/api/conversations/${rowan}/notes` });
    expect(screen.getByText("Called the depot.")).toBeInTheDocument();
  });
});

describe("what is on its way", () => {
  it("is approved where it stands", async () => {
    const { user, server } = open("/inbox/all/con_000000003", { as: "per_grace0001" });
    await user.click(await screen.findByRole("button", { name: "Approve and send" }));
    await screen.findByText("Approved. It is on its way.");
    expect(server.conversations.get("con_000000003")?.deliveries[0]?.state).toBe("sent");
  });

  it("is never sent again blindly when it may be out", async () => {
    const { user, server } = open("/inbox/all/con_000000013", { as: sue });
    await screen.findByText("Perhaps sent: please look");
    expect(screen.queryByRole("button", { name: "Send again" })).not.toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "It is not there" }));
    expect(await screen.findByRole("button", { name: "Send again" })).toBeInTheDocument();
    expect(server.lastWrite?.body).toEqual({ sent: false });
  });
});
