import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Promised } from "@/api/types";
import { keptDraft } from "@/lib/drafts";
import { freshOutbox } from "@/lib/outbox";
import { refuse } from "@/test/call";
import type { Pretend } from "@/test/pretend";
import { pretendPromise } from "@/test/promises";
import { open, write } from "@/test/render";
import { addPiece } from "./pieces";
import { fieldOf, instantFrom, preparedAnswer, readPromiseFilter, sortedPromises } from "./promise";

const sue = "per_sue000001";
const rowan = "con_000000001"; // Sue's

function planted(change: Partial<Promised> = {}): Promised {
  const service = { id: "dep_service01", name: "Customer service" };
  const made = { text: "We call back on Friday.", dated: true };
  return { ...pretendPromise("pro_000000001", made, service, { id: sue, name: "Sue Marsh" }, Date.now()), ...change };
}

const promised = (server: Pretend) => void server.conversations.get(rowan)!.promises.push(planted());

describe("a promise", () => {
  it("of an answer that waits is shown with it, and changed before it goes out", async () => {
    const { user } = open("/outgoing", {
      as: "per_grace0001",
      before: (s: Pretend) => {
        const c = [...s.conversations.values()].find((x) => x.deliveries.some((d) => d.state === "held"))!;
        const due = new Date(Date.now() - 3600_000).toISOString();
        const p = planted({ state: "unsaid", can: ["change"], due });
        c.promises.push(p);
        c.deliveries.find((d) => d.state === "held")!.promises = [p];
      },
    });
    const list = await screen.findByRole("list", { name: "What it promises" });
    expect(list).toHaveTextContent("We call back on Friday.");
    expect(list).toHaveTextContent(/was due .*: change it before this goes out/);
    await user.click(within(list).getByRole("button", { name: "Change the promise" }));
    const dialogue = await screen.findByRole("dialog");
    const when = within(dialogue).getByLabelText("By when");
    fireEvent.change(when, { target: { value: "2099-01-02T10:00" } });
    await user.click(within(dialogue).getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(screen.getByRole("list", { name: "What it promises" })).not.toHaveTextContent("was due"),
    );
  });

  it("is found while one writes, shown with its day, and goes with the answer", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await screen.findByRole("textbox", { name: "Reply" }), "Sorry! We'll get back to you by Friday.");
    const found = await screen.findByRole("list", { name: "You are about to promise" });
    expect(found).toHaveTextContent(/Answer by .*end of business/);
    expect(found).toHaveTextContent("Sue Marsh delivers");
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    await waitFor(() => expect(server.conversations.get(rowan)?.promises).toHaveLength(1));
    const sent = server.writes.find((w) => w.path.endsWith("/reply"))?.body;
    expect(sent).toMatchObject({
      promises: [{ text: "We'll get back to you by Friday.", words: "by Friday", dated: true }],
    });
  });

  it("that is none is dismissed, and does not go with the answer", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await screen.findByRole("textbox", { name: "Reply" }), "We'll get back to you by Friday.");
    await user.click(await screen.findByRole("button", { name: "This is no promise" }));
    await screen.findByText("1 taken as no promise");
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    await waitFor(() => expect(server.writes.some((w) => w.path.endsWith("/reply"))).toBe(true));
    expect(server.writes.find((w) => w.path.endsWith("/reply"))?.body["promises"]).toBeUndefined();
  });

  it("is left to the server where it can't be looked for, and what is kept stays kept", async () => {
    const before = (server: Pretend) => {
      promised(server);
      server.over("POST", "conversations/:/promises/find", () => refuse(503, "Not now."));
    };
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before });
    await user.click(await screen.findByRole("checkbox", { name: /This keeps: We call back/ }));
    await write(user, screen.getByRole("textbox", { name: "Reply" }), "We'll get back to you by Friday.");
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    await waitFor(() => expect(server.writes.some((w) => w.path.endsWith("/reply"))).toBe(true));
    expect(server.writes.find((w) => w.path.endsWith("/reply"))?.body).toMatchObject({
      find: true,
      keeps: ["pro_000000001"],
    });
  });

  it("is kept by an answer that is ticked to keep it", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before: promised });
    await user.click(await screen.findByRole("checkbox", { name: /This keeps: We call back/ }));
    await write(user, screen.getByRole("textbox", { name: "Reply" }), "As I said on the phone: it is on its way.");
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    await waitFor(() => expect(server.conversations.get(rowan)?.promises[0]?.state).toBe("kept"));
  });

  it("is not kept without proof", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before: promised });
    const list = await screen.findByRole("region", { name: "Promises" });
    await user.click(within(list).getByRole("button", { name: "Kept …" }));
    const dialogue = await screen.findByRole("dialog");
    expect(within(dialogue).getByRole("button", { name: "It was kept" })).toBeDisabled();
    await write(user, within(dialogue).getByRole("textbox"), "Called at three.");
    await user.click(within(dialogue).getByRole("button", { name: "It was kept" }));
    await waitFor(() =>
      expect(server.conversations.get(rowan)?.promises[0]).toMatchObject({ state: "kept", how: "Called at three." }),
    );
  });

  it("is decided about once: what is taken back, and what waits for the line, comes back with that", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before: promised });
    const words = "We'll get back to you by Friday.";
    const field = () => screen.findByRole("textbox", { name: "Reply" });
    const tick = () => screen.findByRole("checkbox", { name: /This keeps: We call back/ });
    const send = () => user.click(screen.getByRole("button", { name: /^Reply as/ }));
    const draft = `${sue}:${rowan}:reply`;
    addPiece(draft, {
      kind: "saved",
      id: "sav_000000001",
      title: "",
      text: words,
      missing: [],
      on: [],
      score: 1,
      words: [],
    });
    await user.click(await tick());
    await write(user, await field(), words);
    await user.click(await screen.findByRole("button", { name: "This is no promise" }));
    await send();
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(async () => expect(await field()).toHaveValue(words));
    await waitFor(async () => expect(await tick()).toBeChecked());
    await screen.findByText("1 taken as no promise");

    const reach = globalThis.fetch;
    globalThis.fetch = () => Promise.reject(new TypeError("no line"));
    await send();
    const waits = await screen.findByRole("region", { name: "Written without a connection" });
    expect(await field()).toHaveValue("");
    expect(await tick()).not.toBeChecked();
    expect(keptDraft(`pieces:${draft}`)).toBe("");
    await user.click(within(waits).getByRole("button", { name: "Take back" }));
    await waitFor(async () => expect(await field()).toHaveValue(words));
    expect(await tick()).toBeChecked();
    globalThis.fetch = reach;
    freshOutbox();

    await screen.findByText("1 taken as no promise");
    await send();
    const sent = () => server.writes.filter((w) => w.path.endsWith("/reply")).map((w) => w.body);
    await waitFor(() => expect(sent()).toHaveLength(2));
    for (const body of sent()) {
      expect(body).toMatchObject({ keeps: ["pro_000000001"], used: [{ saved: "sav_000000001" }] });
      expect(body["promises"]).toBeUndefined();
    }
  });

  it("stays dismissed where one looks elsewhere and comes back", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await screen.findByRole("textbox", { name: "Reply" }), "We'll get back to you by Friday.");
    await user.click(await screen.findByRole("button", { name: "This is no promise" }));
    await user.click(screen.getByRole("tab", { name: "Note" }));
    await user.click(screen.getByRole("tab", { name: "Reply" }));
    await screen.findByText("1 taken as no promise");
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    await waitFor(() => expect(server.writes.some((w) => w.path.endsWith("/reply"))).toBe(true));
    expect(server.writes.find((w) => w.path.endsWith("/reply"))?.body["promises"]).toBeUndefined();
  });

  it("puts what tells of it below what is written already, and once", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before: promised });
    await write(user, await screen.findByRole("textbox", { name: "Reply" }), "Hello Rowan,");
    for (let n = 0; n < 2; n++) {
      await user.click(await screen.findByRole("button", { name: "Kept …" }));
      await user.click(await screen.findByRole("button", { name: "Tell them now" }));
    }
    const words = `Hello Rowan,\n\n${preparedAnswer("en", "We call back on Friday.")}`;
    expect(screen.getByRole("textbox", { name: "Reply" })).toHaveValue(words);
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    await waitFor(() => expect(server.conversations.get(rowan)?.promises[0]?.state).toBe("kept"));
  });

  it("is asked about before the conversation is closed", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before: promised });
    await screen.findByRole("region", { name: "Promises" });
    await user.keyboard("e");
    const dialogue = await screen.findByRole("dialog", { name: "Something is still promised here" });
    await write(user, within(dialogue).getByRole("textbox"), "They came to the shop.");
    await user.click(within(dialogue).getByRole("button", { name: "Close all the same" }));
    await waitFor(() => expect(server.conversations.get(rowan)?.state).toBe("closed"));
    expect(server.lastWrite?.body).toEqual({ reason: "They came to the shop." });
  });

  it("is asked about before an answer closes the conversation; Escape sends nothing", async () => {
    const before = (s: Pretend) => {
      promised(s);
      s.writing.habits = { undo: 10, then: "close" };
    };
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before });
    const sent = () => server.writes.filter((w) => w.path.endsWith("/reply"));
    const field = await screen.findByRole("textbox", { name: "Reply" });
    await write(user, field, "It is on its way.");
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    await screen.findByRole("dialog", { name: "Something is still promised here" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(sent()).toHaveLength(0);
    expect(field).toHaveValue("It is on its way.");
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    await user.click(await screen.findByRole("button", { name: "Keep it open" }));
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]?.body).toMatchObject({ then: "waiting" });
  });

  it("is left behind with a reason by an answer that closes, which is sent once", async () => {
    const before = (s: Pretend) => {
      promised(s);
      s.writing.habits = { undo: 10, then: "close" };
    };
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue, before });
    await write(user, await screen.findByRole("textbox", { name: "Reply" }), "It is on its way.");
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    const dialogue = await screen.findByRole("dialog", { name: "Something is still promised here" });
    await write(user, within(dialogue).getByRole("textbox"), "They came to the shop.");
    await user.click(within(dialogue).getByRole("button", { name: "Close all the same" }));
    await screen.findByText("Leaves in 10 seconds.");
    await new Promise((done) => setTimeout(done, 500));
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    const sent = server.writes.filter((w) => w.path.endsWith("/reply"));
    expect(sent.map((w) => w.body["reason"])).toEqual(["They came to the shop."]);
  });

  it("that was said otherwise can be said otherwise again, and dismissed", async () => {
    const { user, server } = open(`/inbox/all/${rowan}`, { as: sue });
    await write(user, await screen.findByRole("textbox", { name: "Reply" }), "We'll get back to you by Friday.");
    await user.click(await screen.findByRole("button", { name: "Change" }));
    for (const [was, is] of [
      ["We'll get back to you by Friday.", "An answer, on Friday."],
      ["An answer, on Friday.", "An answer, at last."],
    ] as const) {
      const dialogue = await screen.findByRole("dialog");
      const words = within(dialogue).getByRole("textbox", { name: "What is promised" });
      expect(words).toHaveValue(was);
      fireEvent.change(words, { target: { value: is } });
      await user.click(within(dialogue).getByRole("button", { name: "Save" }));
      await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
      expect(server.writes.filter((w) => w.path.endsWith("/reply"))).toEqual([]);
      await user.click(screen.getByRole("button", { name: "Change" }));
    }
    expect(within(await screen.findByRole("dialog")).getByRole("textbox", { name: "What is promised" })).toHaveValue(
      "An answer, at last.",
    );
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "This is no promise" }));
    await screen.findByText("1 taken as no promise");
    await user.click(screen.getByRole("button", { name: /^Reply as/ }));
    await waitFor(() => expect(server.writes.some((w) => w.path.endsWith("/reply"))).toBe(true));
    expect(server.writes.find((w) => w.path.endsWith("/reply"))?.body["promises"]).toBeUndefined();
  });

  it("stands on the page, behind its figure", async () => {
    open("/promises?state=late", {
      as: sue,
      before: (server) =>
        void server.conversations
          .get(rowan)!
          .promises.push(planted({ due: new Date(Date.now() - 3600_000).toISOString() })),
    });
    const list = await screen.findByRole("list", { name: "Late" });
    expect(list).toHaveTextContent("Rowan Blake");
    expect(list).toHaveTextContent(/late since/);
    expect(await screen.findByText("0 of 1 due, kept in time")).toBeInTheDocument();
  });
});

describe("what is reckoned of promises", () => {
  it("puts what is due first first, and what ended last before what ended earlier", () => {
    const list = [
      planted({ id: "b", due: "2026-03-03T12:00:00Z" }),
      planted({ id: "a", due: "2026-03-02T12:00:00Z" }),
      planted({ id: "c", state: "kept", endedAt: "2026-03-01T12:00:00Z" }),
      planted({ id: "d", state: "broken", endedAt: "2026-03-02T12:00:00Z" }),
    ];
    expect(sortedPromises(list).open.map((p) => p.id)).toEqual(["a", "b"]);
    expect(sortedPromises(list).ended.map((p) => p.id)).toEqual(["d", "c"]);
  });

  it("reads a time of the viewer's wall as it shows it", () => {
    const field = fieldOf("2026-07-03T13:30:00Z", "Europe/Berlin");
    expect(field).toBe("2026-07-03T15:30");
    expect(instantFrom(field, "Europe/Berlin")).toBe("2026-07-03T13:30:00.000Z");
    expect(fieldOf(undefined, "UTC")).toBe("");
  });

  it("prepares an answer in the contact's language", () => {
    expect(preparedAnswer("de", "Wir melden uns.")).toContain("Das ist jetzt erledigt");
    expect(preparedAnswer("xx", "We call.")).toContain("That is done now");
  });

  it("takes nothing strange from an address", () => {
    expect(readPromiseFilter({ whose: "everybody", state: "late", days: "30" })).toEqual({ state: "late", days: 30 });
  });
});

describe("the page of promises", () => {
  it("is one person's, or one department's, as the address says", async () => {
    const { user, server, address } = open("/people/per_bob000001", { as: "per_grace0001" });
    const asked: string[] = [];
    const fetch = server.fetch;
    vi.stubGlobal("fetch", (request: Request) => (asked.push(request.url), fetch(request)));
    const main = within(await screen.findByRole("main"));
    await user.click(await main.findByRole("link", { name: "Promises" }));
    await screen.findByRole("combobox", { name: "A department or a person" });
    expect(address()).toContain("person=per_bob000001");
    await waitFor(() => expect(asked.some((u) => /promises\/figures.*person=per_bob000001/.test(u))).toBe(true));
    const one = screen.getByRole("combobox", { name: "A department or a person" });
    await waitFor(() => expect(one).toHaveValue("Bob Carter"));
    await user.click(one);
    await user.click(await screen.findByRole("option", { name: "Customer service" }));
    await waitFor(() => expect(address()).toContain("department=dep_service01"));
    expect(address()).not.toContain("person=");
  });
});
