// An empty house: from the link that the program prints through the whole wizard into the inbox, and others after that.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";
import { atTheEnd, deliver, openWindow, said, setupLink, startBrowser, startHouse, step, until } from "./lib.mjs";

const password = "a correct horse at the switchboard";
/** What Chromium remarks of headers that only https or this machine can use; they are right where they count. */
const plainHttp = [/Cross-Origin-Opener-Policy header has been ignored/, /Clear-Site-Data .* Not supported for insecure origins/];
const secret = "a secret of at least sixteen characters";

describe("the first run", () => {
  const end = atTheEnd();
  let house, browser, link;
  let invitation = "";
  before(async () => {
    house = await startHouse(end, "serve");
    link = await setupLink(house);
    browser = await startBrowser(end);
  });

  test("leads from the printed link to the first message", { timeout: 120_000 }, async () => {
    const window = await openWindow(browser, house, { expected: [/status of 401/] });
    const { page } = window;

    step("opens the printed link");
    await page.goto(link);
    await page.getByLabel("Your name").waitFor();
    assert.ok(!page.url().includes(link.split("#")[1]), "the token does not stay in the address");

    step("makes the administrator; a short password is refused with a reason");
    await page.getByLabel("Your name").fill("Grace Okafor");
    await page.getByLabel("Your e-mail").fill("grace@example.org");
    await page.getByLabel("A password").fill("short");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("Take at least ten characters.").waitFor();
    await page.getByLabel("A password").fill(password);
    await page.getByRole("button", { name: "Next" }).click();

    step("confirms what was found out about the company");
    await page.getByLabel("Name of the company").fill("Lamps & Sons");
    assert.equal(await page.getByLabel("Public address").inputValue(), house.address);
    assert.equal(await page.getByLabel("Time zone").first().inputValue(), "Europe/Berlin");
    assert.equal(await page.getByLabel("Language and country").inputValue(), "en-GB");
    await page.getByRole("button", { name: "Next" }).click();

    step("chooses departments, and leaves one out");
    const departments = page.getByRole("group", { name: "Keep these departments" }).getByRole("checkbox");
    await departments.first().waitFor();
    const all = await departments.count();
    assert.ok(all >= 2, "the first template has departments to choose from");
    const able = page.getByRole("group", { name: "Keep these departments" }).locator("input:not([disabled])");
    await able.last().uncheck();
    await page.getByRole("button", { name: "Set it up" }).click();

    step("invites somebody");
    await page.getByLabel("Name", { exact: true }).fill("Ines Costa");
    await page.getByLabel("E-mail", { exact: true }).fill("ines@example.org");
    await page.getByRole("button", { name: "Make the invitation" }).click();
    await page.getByText("Invited: Ines Costa").waitFor();
    invitation = await page.getByLabel("Ines Costa: Link").inputValue();
    assert.ok(invitation.startsWith(`${house.address}/join#`), `the invitation is a link to here: ${invitation}`);
    await page.getByRole("button", { name: "Next" }).click();

    step("connects the first account");
    await page.getByRole("button", { name: /Your own channel/ }).click();
    await page.getByLabel("What shall we call it here?").fill("Guest book");
    await page.getByLabel("What the channel is called").fill("Guest book");
    await page.getByLabel("Secret", { exact: true }).fill(secret);
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText(/^This is /).waitFor();
    await page.getByRole("button", { name: /^Connect / }).click();

    step("sends a test, and lands in the inbox");
    await page.getByRole("heading", { name: "Switchboard is ready" }).waitFor();
    const words = page.getByRole("region", { name: "Notices" }).locator("div");
    await page.getByRole("button", { name: "Check it now" }).click();
    await words.first().waitFor();
    step(`the test says: ${(await words.first().innerText()).split("\n")[0]}`);
    await page.getByRole("button", { name: "Go to the inbox" }).click();
    await page.waitForURL(/\/inbox\/mine/);

    step("sees the first message come in by itself");
    await page.getByRole("link", { name: /^All/ }).first().click();
    await page.getByText(/No conversations yet/).waitFor();
    const { items } = await page.evaluate(async () => (await fetch("/api/accounts")).json());
    await write(house, items[0].id, "Do you repair lamps from the sixties?");
    await page.locator("[data-conversation]", { hasText: "Do you repair lamps" }).waitFor();
    await window.close();
  });

  test("makes its link die with the first use", async () => {
    const window = await openWindow(browser, house, { expected: [/status of 40[0-9]/] });
    await window.page.goto(link);
    await window.page.getByRole("heading", { name: "This link does not work" }).waitFor();
    await window.close();
  });

  test("leaves a house that one signs out of and in to, by another name of the host too", { timeout: 90_000 }, async () => {
    for (const host of ["127.0.0.1", "localhost", "desk.test"]) {
      step(`signs in at http://${host}`);
      const window = await openWindow(browser, house, { host, expected: [/status of 40[13]/, ...plainHttp] });
      const { page } = window;
      await page.goto("/");
      await page.getByLabel("E-mail").fill("grace@example.org");
      await page.getByLabel("Password", { exact: true }).fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").waitFor();
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.waitForURL(/\/inbox\/mine/);
      await page.getByRole("link", { name: /^All/ }).first().click();
      await page.getByRole("heading", { name: "All" }).waitFor();
      await page.locator("[data-conversation]").first().click();
      await page.getByRole("article").waitFor();

      step("writes here, and hears the live feed");
      await page.getByRole("tab", { name: "Note" }).click();
      await page.getByRole("textbox", { name: "Note" }).fill(`written at ${host}`);
      await page.getByRole("button", { name: "Add the note, inside only" }).click();
      await said(page, "Note added.").waitFor();
      const { items } = await page.evaluate(async () => (await fetch("/api/accounts")).json());
      await write(house, items[0].id, `Hello at ${host}`);
      await page.locator("[data-conversation]", { hasText: `Hello at ${host}` }).waitFor();
      assert.equal(await page.getByText("Live updates are interrupted").count(), 0);

      step("signs out");
      await page.getByRole("button", { name: /Grace Okafor/ }).last().click();
      const emptied = page.waitForEvent("load"); // the page is loaded anew, so that nothing stays in it
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await emptied;
      await page.waitForURL(/\/signin/);
      await page.goBack();
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      assert.equal(await page.getByText(`Hello at ${host}`).count(), 0, "back shows nothing of what was read");
      await page.goto("/inbox/all");
      await page.waitForURL(/\/signin/);
      await window.close();
    }
  });

  test("brings one whose session ended elsewhere to the sign-in, and back", { timeout: 60_000 }, async () => {
    const window = await openWindow(browser, house, { expected: [/status of 401/] });
    const { page } = window;
    const enter = async () => {
      await page.getByLabel("E-mail").fill("grace@example.org");
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await page.goto("/departments");
    await enter();
    await page.getByRole("heading", { name: "Departments", level: 1 }).waitFor();
    step("the session is ended behind the page's back");
    await page.evaluate(() => fetch("/api/session", { method: "DELETE" }));
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    step("signs in again, and is where one was");
    await enter();
    await page.getByRole("heading", { name: "Departments", level: 1 }).waitFor();
    await window.close();
  });

  test("lets the invited in, once", { timeout: 60_000 }, async () => {
    const window = await openWindow(browser, house, { size: "phone", expected: [/status of 40[0-9]/] });
    const { page } = window;
    step("opens the invitation on a phone");
    await page.goto(invitation);
    await page.getByRole("heading", { name: "Welcome to Lamps & Sons" }).waitFor();
    assert.equal(await page.getByLabel("Your name").inputValue(), "Ines Costa");
    await page.getByLabel("Password", { exact: true }).fill("another good sentence");
    await page.getByRole("button", { name: "Begin" }).click();
    await page.waitForURL(/\/inbox\/mine/);
    await page.getByRole("heading", { name: "Mine" }).waitFor();
    step("the same invitation does not work again");
    const again = await openWindow(browser, house, { expected: [/status of 40[0-9]/] });
    await again.page.goto(invitation);
    await again.page.getByRole("heading", { name: "This invitation cannot be used" }).waitFor();
    await again.close();
    await window.close();
  });
});

/** Says something through the guest book's bridge. */
async function write(house, account, text) {
  const remoteId = randomUUID();
  await deliver(house, account, secret, [{ remoteId, threadId: remoteId, text, from: { remoteId: "ann", name: "Ann" } }]);
}
