import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dirtyDrafts, forgetDrafts, keepDraft, keptDraft } from "@/lib/drafts";
import { open, write } from "@/test/render";
import { DraftKeeper } from "./draftKeeper";

const sue = "per_sue000001";
const rowan = "con_000000001";
const at = `/inbox/all/${rowan}`;

const field = () => screen.findByRole("textbox", { name: "Reply" });
const draft = (text: string, ago = 0) => ({
  conversation: rowan, kind: "reply" as const, text, files: [], private: false, cc: [], at: new Date(Date.now() - ago).toISOString(),
}); // prettier-ignore

beforeEach(() => {
  localStorage.clear();
  forgetDrafts();
});

describe("what somebody has begun to write", () => {
  it("puts what is typed at once in place of what must be filled in", async () => {
    const { user } = open(at, { as: sue });
    const words = await field();
    await write(user, words, "Your number is {{number}}. Your day is {{day}}.");
    await user.click(await screen.findByRole("button", { name: "Fill in “number”" }));
    await user.keyboard("20391");
    expect(words).toHaveValue("Your number is 20391. Your day is {{day}}.");
  });

  it("is told to the server a moment later, and marked in the list", async () => {
    const { user, server } = open(at, { as: sue });
    await write(user, await field(), "Half a sen");
    await waitFor(() => expect(server.writing.drafts).toMatchObject([{ conversation: rowan, kind: "reply", text: "Half a sen" }]), { timeout: 20_000 });
    expect(await within(screen.getByRole("link", { name: /Rowan Blake/ })).findByText("Draft")).toBeInTheDocument();
  }); // prettier-ignore

  it("is there on another device, and follows it", async () => {
    const { server } = open(at, { as: sue, before: (s) => s.writing.drafts.push(draft("From the train")) });
    await waitFor(async () => expect(await field()).toHaveValue("From the train"));
    act(() => {
      server.writing.drafts = [draft("From the train, and on", -1000)];
      server.writing.murmur("draft", rowan);
    });
    await waitFor(async () => expect(await field()).toHaveValue("From the train, and on"), { timeout: 20_000 });
  });

  it("is kept here while the server can't be reached, and told then", async () => {
    const { user, server } = open(at, { as: sue });
    const words = await field();
    const reach = globalThis.fetch;
    globalThis.fetch = () => Promise.reject(new TypeError("offline"));
    await write(user, words, "In a tunnel");
    expect(localStorage.getItem(`draft:${sue}:${rowan}:reply`)).toContain("In a tunnel");
    globalThis.fetch = reach;
    act(() => void window.dispatchEvent(new Event("online")));
    await waitFor(() => expect(server.writing.drafts).toMatchObject([{ text: "In a tunnel" }]), { timeout: 10_000 });
  });

  it("is no more when it was sent", async () => {
    const { user, server } = open(at, { as: sue, before: (s) => s.writing.drafts.push(draft("All of it.")) });
    await waitFor(async () => expect(await field()).toHaveValue("All of it."));
    await user.click(await field());
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText("Leaves in 10 seconds.");
    expect(server.writing.drafts).toEqual([]);
    expect(keptDraft(`${sue}:${rowan}:reply`)).toBe("");
  });
});

describe("a draft that the server does not take", () => {
  const name = `${sue}:${rowan}:reply`;
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  let keeper: DraftKeeper;
  /** What the server was told, and what it says to each. */
  let told: string[] = [];
  const server = (says: () => Promise<number> | number) =>
    vi.stubGlobal("fetch", async (request: Request) => {
      told.push(((await request.json()) as { text: string }).text);
      const status = await says();
      return new Response(JSON.stringify({ detail: "No." }), { status });
    });

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    keeper = new DraftKeeper(sue, new QueryClient());
  });
  afterEach(() => {
    keeper.stop();
    vi.useRealTimers();
  });

  it.each([403, 404, 410, 413, 422])("because of %d is kept here, and not told again and again", async (status) => {
    server(() => status);
    keepDraft(name, "Dear Rowan");
    await pass(60_000);
    expect(told).toEqual(["Dear Rowan"]);
    expect(keptDraft(name)).toBe("Dear Rowan");
    expect(dirtyDrafts()).toEqual([]);
    keepDraft(name, "Dear Rowan,");
    await pass(60_000);
    expect(told).toEqual(["Dear Rowan", "Dear Rowan,"]);
  });

  it.each([401, 429, 500, 503])("because of %d is told again a while later", async (status) => {
    server(() => status);
    keepDraft(name, "Dear Rowan");
    await pass(10_000);
    expect(told).toHaveLength(1);
    await pass(10_000);
    expect(told).toHaveLength(2);
    expect(dirtyDrafts()).toEqual([name]);
  });

  it("leaves what was typed meanwhile as it is, and that is told", async () => {
    let say: (status: number) => void = () => undefined;
    server(() => new Promise<number>((done) => (say = done)));
    keepDraft(name, "Dear");
    await pass(1_000);
    keepDraft(name, "Dear Rowan");
    say(404);
    await pass(1_000);
    expect(keptDraft(name)).toBe("Dear Rowan");
    expect(told).toEqual(["Dear", "Dear Rowan"]);
  });
});

describe("before an answer is sent", () => {
  it("a dead end is named, asked about once, and put through instead", async () => {
    const { user, server } = open(at, { as: sue });
    await write(user, await field(), "I only do marketing.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("This sends them away: “I only do marketing”");
    expect(server.writes.some((w) => w.path.endsWith("/reply"))).toBe(false);
    await user.click(within(alert).getByRole("button", { name: "Put it through instead" }));
    expect(await screen.findByRole("dialog")).toBeInTheDocument();
  });

  it("is never held up for good: sent once more it goes", async () => {
    const { user, server } = open(at, { as: sue });
    await write(user, await field(), "Call +49 170 1234567, I only do marketing.");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText(/Everybody can read this: \+49 170 1234567 \(a telephone number\)/);
    await user.click(await screen.findByRole("button", { name: "Send all the same" }));
    await screen.findByText("Leaves in 10 seconds.");
    expect(server.lastWrite?.body).toMatchObject({ private: false });
  });

  it("what is dismissed is not asked about", async () => {
    const { user } = open(at, { as: sue });
    await write(user, await field(), "I only do marketing.");
    await user.click(await screen.findByLabelText("It is all right", {}, { timeout: 20_000 }));
    await user.click(await field());
    await user.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByText("Leaves in 10 seconds.");
  });

  it("a private matter can go private in one step, and the draft stays so", async () => {
    const { user, server } = open(at, { as: sue });
    await write(user, await field(), "Call +49 170 1234567.");
    const warning = (await screen.findByText(/Everybody can read this/, {}, { timeout: 20_000 })).closest("li")!;
    await user.click(within(warning).getByRole("button", { name: "Answer in private instead" }));
    expect(await screen.findByRole("button", { name: "Reply as @acme_help, in private" })).toBeInTheDocument();
    await waitFor(() => expect(server.writing.drafts).toMatchObject([{ private: true }]), { timeout: 20_000 });
  });

  it("a link that does not open is named", async () => {
    const { user } = open(at, { as: sue, before: (s) => s.writing.dead.push("https://acme.example/gone") });
    await write(user, await field(), "See https://acme.example/gone today");
    expect(await screen.findByText("https://acme.example/gone does not open. There is no such page.", {}, { timeout: 20_000 })).toBeInTheDocument();
  }); // prettier-ignore

  it("a long answer is said in parts, as they were shown", async () => {
    const { user, server } = open(at, { as: sue });
    await user.click(await field());
    await user.paste("x".repeat(300) + " " + "y".repeat(300));
    await user.click(await screen.findByRole("button", { name: "Say it in 2 parts" }, { timeout: 20_000 }));
    await user.click(screen.getByRole("button", { name: "Reply as @acme_help, in public, in 2 parts" }));
    await screen.findByText("Leaves in 10 seconds.");
    const { parts, text } = server.lastWrite?.body as { parts: string[]; text: string };
    expect(parts.map((p) => p.slice(-5))).toEqual(["(1/2)", "(2/2)"]);
    expect(text).toHaveLength(601);
  });
});

describe("who else is here", () => {
  it("is told as soon as they write", async () => {
    const { server } = open(at, { as: sue });
    expect(await screen.findByText("Also here: Tom Adeyemi")).toBeInTheDocument();
    act(() => {
      server.conversations.get(rowan)!.viewers[0]!.doing = "writing";
      server.writing.murmur("presence", rowan);
    });
    expect(await screen.findByText("Tom Adeyemi is writing an answer", {}, { timeout: 20_000 })).toBeInTheDocument();
  });

  it("and hears that I do", async () => {
    const { user, server } = open(at, { as: sue });
    const words = await field();
    await user.type(words, "He");
    await waitFor(() => expect(server.writes.some((w) => w.path.endsWith("/presence") && w.body["doing"] === "writing")).toBe(true), { timeout: 20_000 });
  }); // prettier-ignore
});

it("a picture that is dropped or pasted goes with the answer, described", async () => {
  const { user, server } = open(at, { as: sue });
  const words = await field();
  const shown = () => screen.findAllByLabelText("What picture.png shows");
  fireEvent.drop(words.closest("form")!, {
    dataTransfer: { types: ["Files"], files: [new File(["x"], "picture.png")] },
  });
  fireEvent.change((await shown())[0]!, { target: { value: "a red door" } });
  fireEvent.paste(words, { clipboardData: { types: ["Files"], files: [new File(["y"], "picture.png")] } });
  await waitFor(async () => expect(await shown()).toHaveLength(2));
  await write(user, words, "Look.");
  await user.click(screen.getByRole("button", { name: "Reply as @acme_help, in public" }));
  await screen.findByText("Leaves in 10 seconds.");
  expect(server.lastWrite?.body).toMatchObject({ alts: ["a red door", ""] });
  await user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(async () => expect((await shown())[0]).toHaveValue("a red door"));
});

it("how answers leave is the person's own, on every device", async () => {
  const { user, server } = open(at, { as: sue });
  await field();
  await user.click(screen.getByRole("button", { name: "How to send" }));
  await user.click(await screen.findByRole("menuitemradio", { name: "30 seconds" }));
  await waitFor(() => expect(server.writing.habits).toEqual({ undo: 30, then: "waiting" }));
});

it("a contact who is merged with another meanwhile is named, and what was typed stays", async () => {
  const { user, server } = open(at, { as: sue });
  const words = await field();
  await write(user, words, "It comes on Monday.");
  const id = at.split("/").pop()!;
  const c = server.conversations.get(id)!;
  const was = c.contact.name;
  c.contact = { ...c.contact, id: "con_other0001", name: "Rowan Blake-Stone" };
  server.tell("contacts merged", id);
  expect(
    await screen.findByText(new RegExp(`While you were here ${was} was found to be Rowan Blake-Stone`)),
  ).toBeVisible();
  expect(await field()).toHaveValue("It comes on Monday.");
  await user.click(
    within(screen.getByText(/While you were here/).parentElement!).getByRole("button", { name: "Close" }),
  );
  expect(screen.queryByText(/While you were here/)).not.toBeInTheDocument();
});
