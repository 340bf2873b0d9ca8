// Tom has a list of his own, closes several conversations at once and takes it back, finds what was said, and looks at the board.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, enterAs, openWindow, said, startBrowser, startHouse, step, until } from "./lib.mjs";

const pictures = process.env.PICTURES;

describe("an operator", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff"] });
    browser = await startBrowser(end);
  });

  test("keeps a list, closes many and takes it back, searches, and sees the board", { timeout: 180_000 }, async () => {
    const window = await openWindow(browser, house);
    const { page } = window;
    await enterAs(page, /Tom Okafor/);
    const see = (name) => pictures && page.screenshot({ path: `${pictures}/${name}.png` });

    step("Tom narrows a list and keeps it");
    await page.goto(`${house.address}/inbox/all?sort=priority&urgency=normal`);
    await page.locator("[data-conversation]").first().waitFor();
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByRole("menuitem", { name: "Save this list" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Calm ones");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await said(page, "Kept as “Calm ones”.").waitFor();
    await page.getByRole("list", { name: "Lists" }).getByText("Calm ones").waitFor();

    step("He opens it by key");
    await page.goto(`${house.address}/inbox/mine`);
    await page.getByRole("list", { name: "Lists" }).getByText("Calm ones").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("1");
    await page.waitForURL(/list=/);
    await page.locator("[data-conversation]").nth(1).waitFor();

    step("He closes two at once, and takes it back");
    const shown = await page.locator("[data-conversation]").evaluateAll((all) => all.map((a) => a.dataset.conversation));
    const ids = [];
    for (const id of shown) { // where something is promised, closing asks for a reason
      if (ids.length < 2 && (await api(page, "GET", `/api/conversations/${id}`)).promised === 0) {
        ids.push(id);
      }
    }
    for (const id of ids) {
      await page.locator(`div:has(> [data-conversation="${id}"]) > input`).click({ force: true });
    }
    await see("bulk");
    await page.getByRole("toolbar").getByRole("button", { name: "Close", exact: true }).click();
    await said(page, "2 done.").waitFor();
    const states = () => Promise.all(ids.map(async (id) => (await api(page, "GET", `/api/conversations/${id}`)).state));
    assert.deepEqual(await states(), ["closed", "closed"]);
    await page.getByRole("button", { name: "Undo" }).click();
    await until(async () => (await states()).every((s) => s === "open"), "both are open again");

    step("He finds words that stand together");
    const [row] = (await api(page, "GET", "/api/conversations?view=all&limit=1")).items;
    const phrase = row.excerpt.match(/[\p{L}]+ [\p{L}]+/u)[0];
    await page.goto(`${house.address}/search`);
    await page.getByRole("searchbox", { name: "Search" }).fill(`"${phrase}"`);
    await page.locator("mark").first().waitFor();
    await see("search");

    step("He looks at the board");
    await page.goto(`${house.address}/board`);
    await page.getByRole("rowheader").first().waitFor();
    await see("board");
    await window.close();

    for (const [size, scheme] of pictures ? [["phone", "dark"], ["desktop", "dark"], ["phone", "light"]] : [["phone", "dark"]]) {
      const other = await openWindow(browser, house, { size, scheme });
      await enterAs(other.page, /Tom Okafor/);
      for (const path of ["board", "search?q=order", "inbox/all"]) {
        await other.page.goto(`${house.address}/${path}`);
        await other.page.locator("[data-conversation], table, mark").first().waitFor();
        const wide = await other.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${path} is ${wide} pixels wider than the screen`);
        if (pictures) await other.page.screenshot({ path: `${pictures}/${path.split(/[/?]/)[0]}-${size}-${scheme}.png` });
      }
      await other.close();
    }
  });
});
