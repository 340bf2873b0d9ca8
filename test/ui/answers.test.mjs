// Somebody who answers finds what is known: searched while typing, put in by a slash with its variables filled, and a reply that
// was good is kept for the next colleague.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, enterAs, openWindow, said, sizes, startBrowser, startHouse, step, until } from "./lib.mjs";

describe("answers that exist", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff"] });
    browser = await startBrowser(end);
  });

  for (const size of Object.keys(sizes)) {
    test(`are found, put in and kept, on a ${size}`, { timeout: 180_000 }, async () => {
      const window = await openWindow(browser, house, {
        size,
        scheme: size === "phone" ? "dark" : "light",
      });
      const { page } = window;
      await enterAs(page, /Ada Brandt/);
      const { items } = await api(page, "GET", "/api/conversations?view=all&state=open&limit=50");
      // Somebody who writes English and has a name of two words: then a first name is known.
      const row = items.find(
        (r) =>
          r.can.includes("reply") &&
          r.language === "en" &&
          /^[A-Z][a-z]+ [A-Z][a-z]+$/.test(r.contact.name) &&
          r.private &&
          r.account.channel === "email" &&
          Date.parse(r.lastAt) < Date.now() - 120_000,
      );
      await page.goto(`/inbox/all/${row.id}`);

      step("searches while typing");
      await page
        .getByRole("button", { name: /^Answers|answers? fits?/ })
        .first()
        .click();
      await page.getByRole("searchbox", { name: "Search the answers" }).fill("guarantee");
      await page.getByRole("button", { name: "Insert “How long is the guarantee?”" }).waitFor();
      await page.getByRole("button", { name: "Hide the answers" }).click();

      step("puts a saved reply in by a slash, with the name filled in");
      const field = page.getByRole("textbox", { name: "Reply" });
      await field.click();
      await field.pressSequentially("/hel");
      const list = page.getByRole("listbox", {
        name: "Saved replies and answers",
      });
      await list.getByRole("option", { name: /A greeting/ }).waitFor();
      await page.keyboard.press("Enter");
      await until(async () => /^Hello .*thank you for writing to ACME Household\.$/.test(await field.inputValue()), "the greeting");

      step("must fill in what is unknown");
      await field.press("End");
      await field.pressSequentially(" Your number is {{number}}.");
      const send = page.getByRole("button", { name: /^(Reply|Send) as/ });
      assert.ok(await send.isDisabled(), "what stands in braces must be filled in first");
      await page.getByRole("button", { name: "Fill in “number”" }).click();
      await page.keyboard.type("20391");
      await until(async () => (await field.inputValue()).endsWith("Your number is 20391."), "the number to be filled in");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - globalThis.innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);
      await send.click();
      await said(page, /Leaves in|Sent as/)
        .first()
        .waitFor();

      step("keeps the answer, without the number");
      await until(async () => {
        const c = await api(page, "GET", `/api/conversations/${row.id}`);
        return c.timeline.some((e) => e.kind === "message" && e.direction === "out" && e.text.includes("20391"));
      }, "the reply to be sent");
      await page.getByRole("link", { name: "Keep this answer" }).last().click();
      await page.waitForURL(/\/answers\/new/);
      const words = page.getByRole("textbox", { name: /^Answer/ });
      await words.waitFor();
      assert.match(await words.inputValue(), /\{\{number\}\}/);
      await page.getByRole("textbox", { name: /^Title/ }).fill(`Your number, from a ${size}`);
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.waitForURL(/\/answers\/[0-9a-z]{13}$/);
      const found = await api(page, "GET", `/api/answers?q=${encodeURIComponent(`from a ${size}`)}`);
      assert.ok(found.items.some((a) => a.title === `Your number, from a ${size}`));
      await window.close();
    });
  }
});
