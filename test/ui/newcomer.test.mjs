// A newcomer tries the demonstration: reads, answers, sees the answer arrive and the customer react, and then does
// everything else that can be done to a conversation. By keyboard at a desk, by thumb on a phone.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, nobodys, nobodysRows, openWindow, said, startBrowser, startHouse, step, until } from "./lib.mjs";

describe("a newcomer in the demonstration", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff"] });
    browser = await startBrowser(end);
  });

  for (const size of ["desktop", "phone"]) {
    test(`answers a customer within two minutes and works the queue, on a ${size}`, { timeout: 180_000 }, async () => {
      const began = Date.now();
      const window = await openWindow(browser, house, { size });
      const desk = deskOf(window.page, size);
      const { page } = window;

      step("chooses Tom, the operator, on the sign-in page, and lands on what nobody has taken");
      await page.goto("/");
      await page.getByRole("button", { name: /Tom Okafor/ }).click();
      await page.waitForURL(/\/inbox\/unowned/);
      await page.evaluate(() => (window.notReloaded = true));

      const [first, ...others] = await fitting(page);
      step(`opens what ${first.contact.name} wrote in public`);
      await desk.open(first);
      await page.locator('[data-direction="in"][data-audience="public"]').first().waitFor();

      step("claims it");
      await desk.act("Claim", "c");
      await said(page, "It is yours.").waitFor();

      step("replies, and sees it on its way and then sent");
      const word = size === "desktop" ? "quillwort" : "bladderwort";
      const already = await page.locator('[data-direction="in"]').count();
      await desk.write("Reply", "r", `Thank you for asking. We look into it today; the word is ${word}.`);
      const leaves = said(page, "Leaves in 10 seconds.");
      const anyway = page.getByRole("button", { name: "Send all the same" });
      await leaves.or(anyway).first().waitFor();
      if (await anyway.isVisible()) {
        step("is told that the customer writes another language, and sends all the same");
        await anyway.click();
      }
      await leaves.waitFor();
      const ours = page.locator('[data-direction="out"]', { hasText: word });
      await ours.waitFor();
      assert.equal(await page.getByText("Was not sent").count(), 0);
      assert.equal(await page.getByText(/^Answered elsewhere/).count(), 0, "its echo is not taken for another's answer");

      step("sees the customer react");
      await until(async () => (await page.locator('[data-direction="in"]').count()) > already, "the customer's reaction");
      const seconds = Math.round((Date.now() - began) / 1000);
      step(`that took ${seconds} s from the sign-in page`);
      assert.ok(seconds < 120, `a newcomer has to see it within two minutes; it took ${seconds} s`);
      assert.ok(await page.evaluate(() => window.notReloaded), "all of it happened live, without a reload");

      step("writes a note");
      await desk.write("Note", "n", "They are friendly; go on like this.");
      await page.getByText("Note, seen only inside").first().waitFor();

      step("puts another through to a person, with a reason");
      await desk.list();
      await desk.open(others[0]);
      await desk.act("Put through", "p");
      const dialogue = page.getByRole("dialog");
      await dialogue.getByLabel("Who knows?").fill("Mara");
      await dialogue.getByRole("option", { name: /Mara Klein/ }).first().waitFor();
      await until(async () => (await dialogue.getByRole("option").first().innerText()).includes("Mara Klein"), "Mara to be the first");
      await dialogue.getByLabel("Say why, for whoever gets it").fill("You know these machines.");
      await dialogue.getByLabel("Say why, for whoever gets it").press("Enter");
      await said(page, "Put through to Mara Klein.").waitFor();
      const told = await api(page, "GET", `/api/conversations/${others[0].id}`);
      assert.equal(told.owner.person?.name, "Mara Klein");
      assert.ok(told.timeline.some((e) => e.text?.includes("You know these machines.")), "the reason stands in the timeline");

      step("snoozes one");
      await desk.list();
      await desk.open(others[1]);
      await desk.act("Snooze", "z");
      await page.getByRole("button", { name: /Tomorrow morning/ }).click();
      await said(page, /^Snoozed until/).waitFor();
      assert.equal((await stateOf(page, others[1])).state, "snoozed");

      step("closes one, and takes that back");
      await desk.list();
      await desk.open(others[2]);
      await desk.act("Close", "e");
      await said(page, "Closed.").locator("..").getByRole("button", { name: "Undo" }).click();
      await until(async () => (await stateOf(page, others[2])).state === "open", "it to be open again");
      await desk.shows(others[2]);

      step("sets one aside that needs no answer");
      await desk.list();
      await desk.open(others[3]);
      await desk.act("Set aside: no answer needed", "s");
      await said(page, "Set aside.").waitFor();
      assert.ok((await stateOf(page, others[3])).setAside);

      step("finds the first again by a word of the answer");
      await page.goto("/inbox/all");
      if (size === "desktop") {
        await page.locator("[data-conversation]").first().waitFor();
        await page.keyboard.press("/");
        await page.keyboard.type(word);
      } else {
        await page.getByRole("searchbox", { name: "Search this list" }).fill(word);
      }
      await page.locator(`[data-conversation="${first.id}"]`).waitFor();
      await until(async () => (await page.locator("[data-conversation]").count()) === 1, "only that one to be found");

      await window.close();
    });
  }
});

/** Enough of what nobody has, for all the journey does. */
async function fitting(page) {
  const found = await nobodys(page);
  assert.ok(found.length >= 5, `the demonstration should have five public conversations that nobody has; it has ${found.length}`);
  return found;
}

const stateOf = (page, row) => api(page, "GET", `/api/conversations/${row.id}`);

/** The desk as it is worked with keys, or with a thumb. */
function deskOf(page, size) {
  const keys = size === "desktop";
  const shows = async (row) => {
    await page.waitForURL(new RegExp(`/inbox/unowned/${row.id}`));
    await page.getByRole("article", { name: row.contact.name }).waitFor();
    await page.getByRole("region", { name: "Timeline" }).waitFor();
  };
  /** The first Escape leaves what one writes in. */
  const leaveField = async () => {
    if (await page.getByRole("textbox").and(page.locator(":focus")).count()) {
      await page.keyboard.press("Escape");
    }
  };
  return {
    shows,
    /** Opens a conversation of the list: J until it is there, or K when it was moved up, then Enter where the list stands alone. */
    async open(row) {
      await page.locator("[data-conversation]").first().waitFor();
      const at = () => page.evaluate(() => document.activeElement?.getAttribute("data-conversation") ?? location.pathname.split("/")[3]);
      for (let i = 0; i < 200 && (await at()) !== row.id; i++) {
        const was = await at();
        const rows = (await nobodysRows(page)).map((r) => r.id);
        const to = rows.indexOf(row.id);
        await page.keyboard.press(to >= 0 && to < rows.indexOf(was) ? "k" : "j");
        await until(async () => (await at()) !== was, "the key to lead to another conversation");
      }
      if (!keys) {
        await page.keyboard.press("Enter");
      }
      await shows(row);
    },
    /** Back to the list of what nobody has. */
    async list() {
      if (!new URL(page.url()).pathname.startsWith("/inbox/unowned/")) {
        return;
      }
      if (keys) {
        await leaveField();
        await page.keyboard.press("Escape");
      } else {
        await page.getByRole("button", { name: "Back to the list" }).click();
      }
      await page.waitForURL(/\/inbox\/unowned(\?|$)/);
    },
    async act(name, key) {
      if (keys) {
        await page.keyboard.press(key);
        return;
      }
      const button = page.getByRole("group", { name: "What to do with it" }).getByRole("button", { name, exact: true });
      if ((await button.count()) === 0) {
        await page.getByRole("group", { name: "What to do with it" }).getByRole("button", { name: "More" }).click();
        await page.getByRole("menuitem", { name }).click();
      } else {
        await button.click();
      }
    },
    async write(tab, key, words) {
      if (keys) {
        await leaveField();
        await page.keyboard.press(key);
        await page.getByRole("textbox", { name: tab }).and(page.locator(":focus")).waitFor();
        await page.keyboard.type(words);
        await page.keyboard.press("Control+Enter");
      } else {
        await page.getByRole("tab", { name: tab }).click();
        await page.getByRole("textbox", { name: tab }).fill(words);
        await page.getByRole("button", { name: tab === "Note" ? "Add the note, inside only" : /^Reply as/ }).click();
      }
    },
  };
}
