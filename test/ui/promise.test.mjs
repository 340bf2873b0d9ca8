// Somebody promises to come back, sees the day before it is sent, finds the promise on its page, and keeps it with an answer.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, enterAs, openWindow, sizes, startBrowser, startHouse, step, until } from "./lib.mjs";

describe("a promise", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff"] });
    browser = await startBrowser(end);
  });

  for (const size of Object.keys(sizes)) {
    test(`is made, found again and kept, on a ${size}`, { timeout: 180_000 }, async () => {
      const window = await openWindow(browser, house, { size, scheme: size === "phone" ? "dark" : "light" });
      const { page } = window;
      await enterAs(page, /Ada Brandt/);

      step("opens a private conversation with nothing promised in it");
      const { items } = await api(page, "GET", "/api/conversations?view=all&state=open&limit=200");
      const row = items.find((r) => r.private && !r.promised && r.language === "en" && r.can.includes("reply"));
      assert.ok(row, "the demo has no such conversation");
      const before = (await api(page, "GET", `/api/conversations/${row.id}`)).promises.map((p) => p.id);
      await page.goto(`/inbox/all/${row.id}`);
      const field = page.getByRole("textbox", { name: "Reply" });
      await field.waitFor();

      step("writes a promise, and sees the day that was understood");
      await field.fill("Thanks for writing. We'll get back to you by Friday.");
      const found = page.getByRole("list", { name: "You are about to promise" });
      await found.waitFor();
      assert.match(await found.innerText(), /Answer[\s\S]*end of business/);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
      await page.getByRole("button", { name: /^(Reply|Answer)/ }).last().click();
      const made = async () => (await api(page, "GET", `/api/conversations/${row.id}`)).promises.find((p) => !before.includes(p.id));
      await until(async () => (await made())?.state === "open", "the promise to be open once it is sent");

      step("finds it on the page");
      await page.goto("/promises");
      const list = page.getByRole("list", { name: "Open" });
      await list.waitFor();
      assert.match(await list.innerText(), /We'll get back to you by Friday/);

      step("keeps it with an answer");
      await list.getByRole("link", { name: row.contact.name }).first().click();
      await page.getByRole("checkbox", { name: /This keeps: We'll get back/ }).check();
      await page.getByRole("textbox", { name: "Reply" }).fill("Here it is: your order left this morning.");
      await page.getByRole("button", { name: /^(Reply|Answer)/ }).last().click();
      await until(async () => {
        // A customer of the demonstration may have edited meanwhile what this answers: then it waits for a second look.
        const again = page.getByRole("button", { name: "Approve and send" });
        if (await again.isVisible()) {
          await again.click();
        }
        return (await made())?.state === "kept";
      }, "the promise to be kept by the answer");
      assert.ok((await made()).proof, "it is kept without proof");
      await window.close();
    });
  }
});
