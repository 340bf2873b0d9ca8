// The health page of an account: trouble is named, what could not be read can be retried or discarded, and the stop
// button stops.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, enterAs, nobodys, openWindow, said, startBrowser, startHouse, step, until } from "./lib.mjs";

describe("the health of an account", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff"] });
    browser = await startBrowser(end);
  });

  test("names the trouble, and lets what was set aside be retried or discarded", { timeout: 180_000 }, async () => {
    const window = await openWindow(browser, house);
    const { page } = window;
    await enterAs(page, /Ada Brandt/);

    step("the list of accounts says which are in trouble, and why");
    await page.getByRole("link", { name: "Accounts", exact: true }).last().click();
    await page.getByText(/In trouble|Needs to be connected again/).first().waitFor();
    const accounts = (await api(page, "GET", "/api/accounts")).items;
    const troubled = accounts.filter((a) => a.health.trouble);
    assert.ok(troubled.length >= 1, "the demonstration has accounts in trouble");
    for (const account of troubled) {
      step(`${account.name}: ${account.health.trouble.message}`);
      await page.getByRole("link", { name: account.name }).first().click();
      const alert = page.getByRole("alert").filter({ hasText: "Incident" });
      await alert.waitFor();
      assert.match(await alert.innerText(), /Since .*Incident /s);
      await page.goBack();
    }

    step("what could not be read is shown, with what it was");
    const sick = await until(
      async () => (await api(page, "GET", "/api/accounts")).items.find((a) => a.health.setAside > 0),
      "an item of the demonstration to be set aside after its three tries",
      90_000,
    );
    await page.goto(`/accounts/${sick.id}`);
    const section = page.locator("section", { has: page.getByRole("heading", { name: "Set aside" }) }).last();
    await section.getByRole("button", { name: "As it arrived" }).first().click();
    await section.locator("pre").waitFor();

    step("trying again reads it again; it is as bad as before");
    await section.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("region", { name: "Notices" }).locator("div").first().waitFor();
    await until(async () => (await api(page, "GET", `/api/accounts/${sick.id}`)).health.setAside === 1, "it to be set aside still");

    step("discarding takes it away");
    await section.getByRole("button", { name: "Discard" }).click();
    await said(page, "Discarded.").waitFor();
    await until(async () => (await api(page, "GET", `/api/accounts/${sick.id}`)).health.setAside === 0, "it to be gone");
    await page.getByRole("button", { name: "Discard" }).waitFor({ state: "detached" });
    await window.close();
  });

  test("stops at once: an answer stays here until it is resumed, and then arrives once", { timeout: 120_000 }, async () => {
    const window = await openWindow(browser, house);
    const tom = await openWindow(browser, house);
    await enterAs(window.page, /Ada Brandt/);
    await enterAs(tom.page, /Tom Okafor/);
    const row = (await nobodys(tom.page)).find((r) => r.account.handle.startsWith("@acme_help"));
    assert.ok(row, "somebody has written to @acme_help");
    const profile = `${/stand-in of a social network, at (\S+?),/.exec(house.said())[1]}/@acme_help`;
    const words = "We have written it down under number 4711.";
    const arrived = async () => (await (await fetch(profile)).text()).split("number 4711").length - 1;

    step("Ada stops the account");
    await window.page.goto(`/accounts/${row.account.id}`);
    await window.page.getByRole("button", { name: "Stop this account" }).click();
    await said(window.page, /^Stopped\./).waitFor();
    await window.page.getByText("Stopped", { exact: true }).first().waitFor();

    step("Tom answers, and his answer stays here");
    await tom.page.goto(`/inbox/unowned/${row.id}`);
    await tom.page.getByRole("button", { name: "How to send" }).click();
    await tom.page.getByRole("menuitemradio", { name: "None" }).click();
    await tom.page.getByRole("textbox", { name: "Reply" }).fill(words);
    await tom.page.getByRole("button", { name: /^Reply as/ }).click();
    await tom.page.locator("[data-state]", { hasText: words }).waitFor();
    await new Promise((done) => setTimeout(done, 4000)); // long enough for anything that would leave
    assert.equal(await arrived(), 0, "nothing leaves an account that is stopped");
    const { deliveries } = await api(tom.page, "GET", `/api/conversations/${row.id}`);
    assert.ok(["queued", "held"].includes(deliveries.find((d) => d.text.includes(words)).state), "it waits");

    step("Ada resumes it, and the answer arrives once");
    await window.page.getByRole("button", { name: "Resume" }).last().click();
    await said(window.page, "Running again.").waitFor();
    await tom.page.locator('[data-direction="out"]', { hasText: words }).waitFor();
    assert.equal(await arrived(), 1);
    await tom.close();
    await window.close();
  });
});
