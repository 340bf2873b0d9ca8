// Noor, a manager, says what must be certain: a rule, and a row of the responsibility map, each tried on the past before it
// counts; then she sees on the scoreboard how right the machine was.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, deliver, enterAs, openWindow, said, startBrowser, startHouse, step, until } from "./lib.mjs";

const secret = "a secret of at least sixteen characters";

describe("who answers what", () => {
  const end = atTheEnd();
  let house, browser, account;
  before(async () => {
    house = await startHouse(end, "demo");
    browser = await startBrowser(end);
    const window = await openWindow(browser, house);
    await enterAs(window.page, /Ada Brandt/);
    account = (await api(window.page, "POST", "/api/accounts", { channel: "hook", name: "Guest book", settings: { name: "Guest book", secret } })).id;
    await window.close();
  });

  test("a rule is tried on the past, saved, and decides the next message", { timeout: 150_000 }, async () => {
    const { page, close } = await manager();
    await page.goto("/rules");
    step("makes a rule for a word, and sees what it would have caught");
    await page.getByRole("button", { name: "Add a rule" }).click();
    const dialogue = page.getByRole("dialog");
    await dialogue.getByLabel(/^Name/).fill("The word gasket");
    await dialogue.getByLabel("Any of").first().fill("the");
    await page.keyboard.press("Enter");
    await dialogue.getByText(/^It would have caught [1-9]\d* of \d+ conversations in 30 days\.$/).waitFor();
    await page.keyboard.press("Backspace");
    await dialogue.getByLabel("Any of").first().fill("gasket*");
    await page.keyboard.press("Enter");
    await dialogue.getByLabel(/^Then it goes to/).click();
    await page.getByRole("option", { name: "Accounts", exact: true }).click();
    await dialogue.getByText(/it goes to Accounts\./).waitFor();
    await dialogue.getByLabel(/^Why\?/).fill("Gaskets are invoiced by hand.");
    await dialogue.getByRole("button", { name: "Save" }).click();
    await said(page, "Saved. It counts from the next message.").waitFor();
    await page.locator("li", { hasText: "The word gasket" }).waitFor();

    step("a message with the word comes in, and goes where the rule says");
    await deliver(house, account, secret, [{ remoteId: "gasket-1", threadId: "gasket-1", text: "Do you have gaskets for the old kettle?", from: { remoteId: "kim", name: "Kim Berger" } }]);
    const row = await until(async () => (await api(page, "GET", "/api/conversations?view=all&state=open")).items.find((r) => r.contact.name === "Kim Berger"), "Kim's message");
    assert.equal(row.owner.department.name, "Accounts");
    await page.goto(`/inbox/all/${row.id}`);
    await page.getByText(/The word gasket/).first().waitFor();
    await page.goto("/rules");

    step("switches it off");
    await page.getByRole("switch", { name: /The word gasket/ }).click({ force: true });
    await said(page, "The rule is off.").waitFor();
    await close();
  });

  test("a map is edited, tried on the last days, put in force, and the older one restored", { timeout: 150_000 }, async () => {
    const { page, close } = await manager();
    await page.goto("/map");
    step("edits the first row");
    await page.getByRole("button", { name: "Edit the map" }).click();
    await page.getByLabel("Note, row 1", { exact: true }).fill("As agreed in November");
    await page.getByRole("button", { name: "Remove row 2", exact: true }).click();
    step("tries it on the last days");
    await page.getByRole("button", { name: /^Try it on the last 7 days/ }).click();
    await page.getByText(/conversations began; .* would go to another department/).waitFor();
    step("puts it in force");
    await page.getByLabel(/^Why\?/).fill("Less to do for one of them");
    await page.getByRole("button", { name: "Put it in force" }).click();
    await said(page, "In force from the next message.").waitFor();
    const now = await api(page, "GET", "/api/map");
    assert.equal(now.rows[0].note, "As agreed in November");
    assert.equal(now.why, "Less to do for one of them");
    step("goes back to what the departments state");
    await page.getByRole("button", { name: /^Restore version/ }).last().click();
    await until(async () => (await api(page, "GET", "/api/map")).number > now.number, "the older map to be in force as a new version");
    await close();
  });

  test("the scoreboard opens the messages behind a figure", { timeout: 150_000 }, async () => {
    const { page, close } = await manager();
    await page.goto("/scoreboard");
    await page.getByRole("heading", { name: "Scoreboard" }).waitFor();
    step("opens what stands behind a figure");
    const link = page.locator('main a[href*="/scoreboard/"]').first();
    await link.click();
    await page.locator("main").getByRole("link").first().waitFor();
    await close();
  });

  async function manager() {
    const window = await openWindow(browser, house);
    await enterAs(window.page, /Noor Haddad/);
    return window;
  }
});
