// Something broke, and a dozen people say so under one post. The board shows one incident; a manager on a train takes it as a
// whole from the phone. At the desk the post is opened by a key, all who wait are answered alike, one is left out and one is told
// something else, and everybody gets exactly one answer of their own.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { ago, secret, startForum, storm } from "./far.mjs";
import { api, atTheEnd, deliver, enterAs, openWindow, said, startBrowser, startHouse, step, until } from "./lib.mjs";

const pictures = process.env.PICTURES;
describe("a storm", () => {
  const end = atTheEnd();
  let house, browser, forum;
  before(async () => {
    forum = await startForum(end);
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff", `--egress-allow=127.0.0.1:${forum.port}`] });
    browser = await startBrowser(end);
  });

  test("is one incident, taken as a whole and answered one by one", { timeout: 240_000 }, async () => {
    const desk = await openWindow(browser, house);
    const { page } = desk;
    await enterAs(page, /Ada Brandt/);
    const see = (page, name) => pictures && page.screenshot({ path: `${pictures}/${name}.png` });

    step("a dozen people write under one post");
    const { account, incident } = await storm(page, house, forum);

    step("the manager sees it on the phone, and takes it as a whole");
    const train = await openWindow(browser, house, { size: "phone", scheme: "dark" });
    await enterAs(train.page, /Ada Brandt/);
    await train.page.goto("/board");
    await train.page.getByRole("button", { name: /1\d conversations, 1\d waiting/ }).first().click();
    await train.page.getByRole("heading", { level: 1 }).waitFor();
    await see(train.page, "incident-phone");
    const wide = await train.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the incident is ${wide} pixels wider than the screen`);
    await train.page.getByRole("button", { name: "Take it as a whole" }).click();
    await train.page.getByRole("combobox", { name: "To which department" }).click();
    await train.page.getByRole("option", { name: "Customer service" }).click();
    await train.page.getByRole("button", { name: /^Put/ }).last().click();
    await said(train.page, "Put through. What joins later follows.").waitFor();
    await train.close();
    const taken = await api(page, "GET", `/api/incidents/${incident.id}`);
    assert.equal(taken.owner.department.name, "Customer service");
    assert.ok(taken.items.every((r) => r.owner.department.name === "Customer service"), "all of it went there");

    step("what joins later follows");
    await deliver(house, account.id, secret, [
      { remoteId: "said-late", threadId: "post", parentId: "post", kind: "comment", lang: "en", from: { remoteId: "late", name: "Max Late" }, text: "Same here, the app does not start.", at: ago(1) },
    ]);
    const late = await until(
      async () => (await api(page, "GET", `/api/incidents/${incident.id}`)).items.find((r) => r.contact.name === "Max Late"),
      "the late one to join",
    );
    await until(
      async () => (await api(page, "GET", `/api/conversations/${late.id}`)).owner.department.name === "Customer service",
      "the late one to follow",
    );

    step("at the desk a key opens the post with everybody under it");
    await page.goto(`/inbox/all/${taken.items[0].id}`);
    await page.getByRole("textbox", { name: "Reply" }).waitFor();
    await page.locator("h1, h2").first().click(); // out of the field: a letter would be written
    await page.keyboard.press("o");
    await page.waitForURL(/\/threads/);
    await page.getByText("13 people write here, 13 waiting.").waitFor();
    await page.getByText("Our app has a new look.").waitFor();
    await see(page, "thread");

    step("all who wait are answered alike; one is left out, one is told something else");
    await page.getByRole("button", { name: "Answer all who wait alike" }).click();
    const dialogue = page.getByRole("dialog", { name: "Answer 13 alike" });
    await dialogue.getByRole("textbox", { name: "What to say to each" }).fill("Hello {name}, we are on it: it will work again at noon.");
    await dialogue.getByRole("button", { name: "See what each gets" }).click();
    const one = (name) => dialogue.getByRole("textbox", { name: `Answer to ${name}, as Forum` });
    await one("Ann Berger").waitFor();
    assert.equal(await one("Ann Berger").inputValue(), "Hello Ann Berger, we are on it: it will work again at noon.");
    await one("Ben Berger").fill("Hello Ben, yours is another trouble. Please write to us in private.");
    await dialogue.getByRole("group", { name: "Answer to Cem Berger, as Forum" }).getByRole("button", { name: "Leave out" }).click();
    await dialogue.getByRole("button", { name: "Send 12 answers" }).click();
    await dialogue.getByText("Look at what stands under them, then send.").waitFor(); // noon is a promise, and said before it leaves
    await dialogue.getByRole("checkbox", { name: "Note what they promise (11)" }).waitFor();
    await see(page, "alike");
    await dialogue.getByRole("button", { name: "Send 12 answers" }).click();
    await said(page, "12 answers are on their way.").waitFor();
    await dialogue.getByRole("button", { name: "Close", exact: true }).last().click();

    step("everybody has exactly one answer, and who was left out has none");
    await until(() => forum.posted.length >= 12, "the answers to arrive", 60_000);
    await page.getByText("13 people write here, 1 waiting.").waitFor();
    const got = (id) => forum.posted.filter((p) => p.parent.remoteId === id).map((p) => p.text);
    assert.deepEqual(got("said-0"), ["Hello Ann Berger, we are on it: it will work again at noon."]);
    assert.deepEqual(got("said-1"), ["Hello Ben, yours is another trouble. Please write to us in private."]);
    assert.deepEqual(got("said-2"), []);
    assert.equal(forum.posted.length, 12);
    assert.equal(new Set(forum.posted.map((p) => p.parent.remoteId)).size, 12);

    step("it is over, and the board says so");
    await page.goto(`/incidents/${incident.id}`);
    await page.getByRole("button", { name: "It is over" }).click();
    await said(page, "Noted: it is over.").waitFor();
    await page.getByText(/over since/).waitFor();
    await desk.close();
  });
});
