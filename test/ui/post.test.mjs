// Somebody who may speak for the company says something new as two of its accounts, takes one post back, and sees the other
// arrive. At a desk by the keyboard, on a phone by thumb; nothing is wider than the screen.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, enterAs, openWindow, said, sizes, startBrowser, startHouse, step, until } from "./lib.mjs";

const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe("a new post", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff"] });
    browser = await startBrowser(end);
  });

  for (const size of Object.keys(sizes)) {
    test(`is said once as each account, on a ${size}`, { timeout: 120_000 }, async () => {
      const window = await openWindow(browser, house, { size, scheme: size === "phone" ? "dark" : "light" });
      const { page } = window;
      await enterAs(page, /Ada Brandt/);

      step("finds it");
      if (size === "desktop") {
        await page.getByRole("link", { name: "New post" }).waitFor();
        await page.keyboard.press("g");
        await page.keyboard.press("n");
      } else {
        await page.getByRole("button", { name: "Menu" }).first().click();
        await page.getByRole("link", { name: "New post" }).click();
      }
      await page.waitForURL("**/posts");

      step("chooses two accounts; mailboxes and feeds are not offered");
      const speakers = page.getByRole("checkbox");
      await speakers.first().waitFor();
      const offered = await page.locator("form li", { has: speakers }).allInnerTexts();
      assert.ok(offered.every((text) => !/press@|billing@|Weekly/.test(text)), offered.join(", "));
      await page.getByRole("checkbox", { name: /^@?acme@/ }).check();
      await page.getByRole("checkbox", { name: /acme_help@/ }).check();

      step("writes, and attaches a described picture");
      const words = `Our new shop opens on ${size === "desktop" ? "Monday" : "Tuesday"}.`;
      await page.getByRole("textbox", { name: "Text" }).fill(words);
      await page.locator("form input[type=file]").setInputFiles({ name: "door.png", mimeType: "image/png", buffer: picture });
      await page.getByLabel("What door.png shows").fill("a red door");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);

      step("takes it back");
      const publish = page.getByRole("button", { name: "Publish as 2 accounts, in public" });
      await publish.click();
      await said(page, "Leaves in 10 seconds.").waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await until(async () => (await page.getByRole("textbox", { name: "Text" }).inputValue()) === words, "the words to be back");

      step("publishes it, and sees both arrive");
      await page.getByRole("checkbox", { name: /acme_help@/ }).uncheck();
      await page.getByRole("button", { name: /^Publish as @acme, in public$/ }).click();
      await until(async () => {
        const { items } = await api(page, "GET", "/api/posts");
        return items.some((d) => d.text === words && d.state === "sent" && d.url);
      }, "the post to be sent");
      const { items } = await api(page, "GET", "/api/posts");
      const ours = items.filter((d) => d.text === words);
      assert.deepEqual(ours.map((d) => d.state).sort(), ["cancelled", "cancelled", "sent"]);
      assert.equal(ours[0].files[0].alt, "a red door");
      const posted = page.getByRole("region", { name: "Posted" });
      await posted.getByText("Sent", { exact: true }).first().waitFor();
      await posted.getByRole("img", { name: "a red door" }).first().waitFor();
      if (process.env.SHOTS) {
        await page.screenshot({ path: `${process.env.SHOTS}/post-${size}.png` });
      }
      await window.close();
    });
  }
});
