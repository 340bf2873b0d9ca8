// An empty house: customers who do not exist come, are answered, say thanks, and are taken away.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, openWindow, said, setupLink, sizes, startBrowser, startHouse, step } from "./lib.mjs";

const password = "a correct horse at the switchboard";

describe("example customers", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "serve");
    const answer = await fetch(`${house.address}/api/setup`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Setup-Token": (await setupLink(house)).split("#")[1] },
      body: JSON.stringify({
        administrator: { name: "Grace Okafor", email: "grace@example.org", password },
        organisation: { name: "ACME", publicUrl: house.address, zone: "Europe/Berlin", locale: "en-GB" },
        template: "central",
        departments: [],
      }),
    });
    assert.ok(answer.ok, await answer.text());
    browser = await startBrowser(end);
  });

  for (const size of Object.keys(sizes)) {
    test(`come, are answered and go, at ${size} size`, { timeout: 120_000 }, async () => {
      const window = await openWindow(browser, house, { size, expected: [/status of 40[14]/] });
      const { page } = window;
      await page.goto("/inbox/all");
      await page.getByLabel("E-mail").fill("grace@example.org");
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();

      step("an empty inbox offers them");
      await page.getByRole("button", { name: "Look around with example customers" }).click();
      await page.getByText("Some of these customers do not exist").waitFor();
      const row = page.locator("[data-conversation]", { hasText: "48213" });
      await row.waitFor();
      assert.equal(await page.locator("[data-conversation]").count(), 9);

      step("who is answered says thanks");
      await row.click();
      await page.getByRole("textbox", { name: "Reply" }).fill("It comes today, between two and four. Sorry for the wait!");
      await page.getByRole("button", { name: /^Reply as @example/ }).click();
      await page.getByText(/Leaves in/).waitFor();
      await page.goto("/inbox/all?state=any");
      await page.locator("[data-conversation]", { hasText: "Thank you, that helps" }).waitFor({ timeout: 60_000 });

      step("they are taken away, with all that came of them");
      await page.getByRole("button", { name: "Remove them" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove them" }).click();
      await said(page, "They are gone.").waitFor();
      await page.getByText("Some of these customers do not exist").waitFor({ state: "detached" });
      await page.locator("[data-conversation]").first().waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Look around with example customers" }).waitFor();
      const { items } = await api(page, "GET", "/api/contacts");
      assert.deepEqual(items, []);
      await window.close();
    });
  }
});
