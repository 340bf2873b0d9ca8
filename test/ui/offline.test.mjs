// The tunnel: what was read can be read without a connection, what was written there is sent once, and signing out
// leaves nothing behind. And what is pushed is shown, as far as that goes without a push service.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, enterAs, openWindow, said, startBrowser, startHouse, step, until } from "./lib.mjs";

/** What a page says of a server that is not there. */
const expected = [/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_EMPTY_RESPONSE/, /ERR_CONNECTION_RESET/, /ERR_FAILED/];

describe("without a connection", () => {
  const end = atTheEnd();
  let house, browser;
  const flags = ["--no-demo-staff"];
  before(async () => {
    house = await startHouse(end, "demo", { flags });
    browser = await startBrowser(end);
  });

  /** Waits until the service worker sees what the page reads. */
  async function worker(page) {
    await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null), "the service worker to take over");
  }

  function keptOf(page) {
    return page.evaluate(async () => (await caches.keys()).filter((n) => n.startsWith("read-")));
  }

  test("what was read stays readable, a note is sent once, and sign-out empties the browser", { timeout: 240_000 }, async () => {
    const { page, close } = await openWindow(browser, house, { size: "phone", expected });

    step("Tom reads a conversation");
    await enterAs(page, /Tom Okafor/);
    await worker(page);
    await page.goto("/inbox/all");
    const { items } = await api(page, "GET", "/api/conversations?view=all&state=open");
    const row = items[0];
    await page.goto(`/inbox/all/${row.id}`);
    await page.getByRole("article", { name: row.contact.name }).waitFor();
    await until(async () => {
      const names = await keptOf(page);
      return names.length === 1 && page.evaluate(async ([n, id]) => Boolean(await (await caches.open(n)).match(`/api/conversations/${id}`)), [names[0], row.id]);
    }, "the conversation to be kept");

    step("the line is gone: he opens it anew and still reads it");
    await house.stop();
    await page.reload();
    await page.getByRole("article", { name: row.contact.name }).waitFor();

    step("he writes a note, and it waits");
    const words = "Written in a tunnel: call her back on Monday.";
    await page.getByRole("tab", { name: "Note" }).click();
    await page.getByRole("textbox", { name: "Note" }).fill(words);
    await page.getByRole("button", { name: "Add the note, inside only" }).click();
    await said(page, /^Kept\./).waitFor();
    const waiting = page.getByRole("region", { name: "Written without a connection" });
    await waiting.getByText("Waits for the connection").waitFor();

    step("a second one he takes back, and has its words again");
    await page.getByRole("textbox", { name: "Note" }).fill("Not this one.");
    await page.getByRole("button", { name: "Add the note, inside only" }).click();
    await until(async () => (await waiting.getByText("Waits for the connection").count()) === 2, "two that wait");
    await waiting.getByRole("button", { name: "Take back" }).last().click();
    await until(async () => (await page.getByRole("textbox", { name: "Note" }).inputValue()) === "Not this one.", "the words to be there again");
    await page.getByRole("textbox", { name: "Note" }).fill("");

    step("he closes the page, and opens it again: it waits still");
    await page.reload();
    await waiting.getByText(words).waitFor();

    step("the line is back: it is sent, once");
    house = await startHouse(end, "demo", { flags, port: house.port, data: house.data });
    await waiting.waitFor({ state: "detached" });
    await page.getByRole("region", { name: "Timeline" }).getByText(words).waitFor();
    const told = await api(page, "GET", `/api/conversations/${row.id}`);
    assert.equal(told.timeline.filter((e) => e.kind === "note" && e.text === words).length, 1);
    assert.equal(told.timeline.filter((e) => e.kind === "note" && e.text === "Not this one.").length, 0);

    step("he signs out, and nothing of it is left in the browser");
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByRole("button", { name: "Menu" }).first().click();
    await page.getByRole("button", { name: /Tom Okafor/ }).last().click();
    const emptied = page.waitForEvent("load"); // the page is loaded anew, so that nothing stays in it
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await emptied;
    await page.waitForURL(/\/signin/);
    assert.deepEqual(await keptOf(page), []);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("draft:"))), []);
    await close();
  });

  test("what one person read is not shown to the next", { timeout: 120_000 }, async () => {
    const { page, close } = await openWindow(browser, house, { expected });
    await enterAs(page, /Tom Okafor/);
    await worker(page);
    await page.goto("/inbox/all");
    const [tom] = await until(async () => {
      const names = await keptOf(page);
      return names.length === 1 && names;
    }, "Tom's reading to be kept");
    step("Bob signs in at the same browser");
    await enterAs(page, /Bob Miller/);
    await worker(page);
    await page.reload();
    const [bob] = await until(async () => {
      const names = await keptOf(page);
      return names.length === 1 && names[0] !== tom && names;
    }, "only Bob's reading to be kept");
    assert.notEqual(bob, tom);
    await close();
  });

  test("the app can be installed, and what is pushed is shown", { timeout: 120_000 }, async () => {
    const { page, context, close } = await openWindow(browser, house, { expected });
    await context.grantPermissions(["notifications"], { origin: house.address });
    await enterAs(page, /Tom Okafor/);
    await worker(page);
    const manifest = await page.evaluate(async () => (await fetch(document.querySelector('link[rel="manifest"]').href)).json());
    for (const icon of manifest.icons) {
      const { ok, type } = await page.evaluate(async (src) => {
        const answer = await fetch(src);
        return { ok: answer.ok, type: answer.headers.get("Content-Type") };
      }, icon.src);
      assert.ok(ok && type === icon.type, `${icon.src} is ${type}`);
    }
    const cdp = await context.newCDPSession(page);
    const found = new Promise((done) => cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations[0] && done(registrations[0].registrationId)));
    await cdp.send("ServiceWorker.enable");
    const pushed = { title: "Sue asks you something", body: "", path: "/notifications", tag: "one", at: 0 };
    await cdp.send("ServiceWorker.deliverPushMessage", { origin: house.address, registrationId: await found, data: JSON.stringify(pushed) });
    const shown = await until(
      () => page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map((n) => ({ title: n.title, path: n.data.path }))).then((l) => l.length > 0 && l),
      "the notification to be shown",
    );
    assert.deepEqual(shown, [{ title: "Sue asks you something", path: "/notifications" }]);
    step("a click in the worker leads the open page there");
    await page.evaluate(() => navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: { go: "/notifications" } })));
    await page.getByRole("heading", { name: "Notifications", level: 1 }).waitFor();
    await close();
  });
});
