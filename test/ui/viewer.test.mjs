// Who only looks: Charlotte of the board begins with the board, finds the promises and reads a conversation, and nothing there
// lets her write. Finn of the agency is outside: nothing of the house is shown to him, and nothing offered that is refused.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import {
  api,
  atTheEnd,
  openWindow,
  sizes,
  startBrowser,
  startHouse,
  step,
  until,
} from "./lib.mjs";

describe("who only looks", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff"] });
    browser = await startBrowser(end);
  });

  for (const size of Object.keys(sizes)) {
    test(`of the board, on a ${size}`, { timeout: 150_000 }, async () => {
      const { page, close } = await openWindow(browser, house, { size });
      await enter(page, /Charlotte Reeve/);

      step("begins with the board, and sees what waits and what is late");
      await page.waitForURL(/\/board$/);
      await page.getByRole("heading", { name: "Board" }).waitFor();
      await page.getByText("Late", { exact: true }).first().waitFor();

      step("finds the company's promises and how many are kept");
      await go(page, size, "Promises");
      await page.getByRole("heading", { name: "Promises" }).waitFor();
      await page.getByText("Kept rate").first().waitFor();

      step("reads a conversation, in which nothing can be written or done");
      await page.locator(`a[href="/inbox/all"]:visible`).first().click();
      await page.locator("[data-conversation]").first().click();
      await page.getByRole("article").first().waitFor();
      assert.equal(
        await page.getByRole("textbox", { name: /^(Reply|Note)$/ }).count(),
        0,
      );
      assert.equal(
        await page
          .getByRole("button", {
            name: /^(Reply as|Take it|Claim|Close|Snooze|Put through$)/,
          })
          .count(),
        0,
      );

      step(
        "no list of her own is offered, and the house refuses what the screen does",
      );
      for (const name of [/^\D*Mine/, /^\D*My department/, /^\D*Asked of me/]) {
        assert.equal(await page.getByRole("link", { name }).count(), 0);
      }
      const id = new URL(page.url()).pathname.split("/").at(-1);
      await assert.rejects(
        api(page, "POST", `/api/conversations/${id}/notes`, {
          text: "I was here.",
        }),
        /403/,
      );
      await close().catch((error) =>
        assert.match(error.message, /403 \(Forbidden\)[^\n]*\/notes/),
      );
    });

    test(`of the agency, on a ${size}`, { timeout: 150_000 }, async () => {
      const { page, close } = await openWindow(browser, house, { size });
      await enter(page, /Finn Larsen/);

      step("is told why it is quiet, and whom to ask");
      await page.getByRole("heading", { name: /^Welcome, Finn/ }).waitFor();
      await page.goto("/inbox/all");
      await page.getByRole("heading", { name: /^Welcome, Finn/ }).waitFor();

      step("every place that is offered opens");
      await page.getByRole("link", { name: "Your name and password" }).click();
      await page.waitForURL(/\/me$/);
      await page.getByRole("heading").first().waitFor();
      const places = await page.getByRole("navigation").getByRole("link").all();
      assert.equal(places.length, 0, "there is nothing of the house for him");
      await until(
        async () => (await page.getByRole("alert").count()) === 0,
        "nothing to be refused",
      );
      await close();
    });
  }
});

async function enter(page, name) {
  await page.goto("/signin");
  await page.getByRole("button", { name }).first().click();
}

/** Goes to a place by the navigation; on a phone that is behind the menu. */
async function go(page, size, name) {
  if (size === "phone") {
    await page
      .getByRole("navigation")
      .getByRole("button", { name: /Menu/ })
      .click();
  }
  await page.getByRole("link", { name, exact: true }).click();
}
