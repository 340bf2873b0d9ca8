// Every screen is looked at by axe-core, in light and dark, at a desk and on a phone: no violation of WCAG 2.2 AA or of
// its best practices.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { before, describe, test } from "node:test";
import { ask, invite, reset, startForum, startPost, storm } from "./far.mjs";
import { api, atTheEnd, enterAs, openWindow, setupLink, sizes, startBrowser, startHouse, step } from "./lib.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

describe("every screen is for everybody", () => {
  const end = atTheEnd();
  let acme, empty, browser, far;
  before(async () => {
    empty = await startHouse(end, "serve");
    const post = await startPost(end);
    const forum = await startForum(end);
    acme = await startHouse(end, "demo", { flags: [`--egress-allow=127.0.0.1:${post.port}, 127.0.0.1:${forum.port}`] });
    browser = await startBrowser(end);
    const { page, close } = await openWindow(browser, acme);
    await enterAs(page, /Ada Brandt/);
    far = { ...(await storm(page, acme, forum)), link: await ask(page, acme, post), invitation: await invite(page), reset: await reset(page) };
    await close();
  });

  for (const size of Object.keys(sizes)) {
    test(`of the company, on a ${size}`, { timeout: 300_000 }, async () => {
      const window = await openWindow(browser, acme, { size });
      const { page } = window;
      const wrong = [];
      await page.goto("/signin");
      await page.getByRole("button", { name: /Ada Brandt/ }).waitFor();
      wrong.push(...(await look(page, "sign-in")));
      await enterAs(page, /Ada Brandt/);
      const { items } = await api(page, "GET", "/api/conversations?view=all&state=open");
      const accounts = (await api(page, "GET", "/api/accounts")).items;
      const answers = (await api(page, "GET", "/api/answers")).items;
      const departments = (await api(page, "GET", "/api/departments")).items;
      const people = (await api(page, "GET", "/api/people")).items;
      const screens = {
        inbox: ["/inbox/all", "[data-conversation]"],
        "asked of me": ["/inbox/asked", "h1"],
        search: ["/search?q=order", "main li"],
        board: ["/board", "main table"],
        incident: [`/incidents/${far.incident.id}`, "main [data-conversation], main li"],
        "many under one post": [`/threads?account=${far.account.id}&thread=post`, "main h1"],
        promises: ["/promises", "h1"],
        outgoing: ["/outgoing", "h1"],
        answers: ["/answers", "main li"],
        "an answer": [`/answers/${answers[0].id}`, "h1"],
        "a new answer": ["/answers/new", "main form"],
        "saved replies": ["/saved-replies", "h1"],
        contacts: ["/contacts", "h1"],
        "a contact": [`/contacts/${items[0].contact.id}`, "h1"],
        "contacts to import": ["/contacts/import", "h1"],
        topics: ["/topics", "h1"],
        notifications: ["/notifications", "h1"],
        "how I am told": ["/me/notifications", "h1"],
        profile: ["/me", "main form"],
        conversation: [`/inbox/all/${items[0].id}`, "article [data-direction]"],
        "new post": ["/posts", "main form"],
        accounts: ["/accounts", "h1"],
        "account health": [`/accounts/${accounts.find((a) => a.health.trouble).id}`, "dl"],
        "a new account": ["/accounts/new", "h1"],
        departments: ["/departments", "main li"],
        "a department": [`/departments/${departments[0].id}`, "h1"],
        people: ["/people", "main li"],
        "a person": [`/people/${people[0].id}`, "h1"],
        rules: ["/rules", "h1"],
        "responsibility map": ["/map", "h1"],
        scoreboard: ["/scoreboard", "h1"],
        "conversations of the scoreboard": ["/scoreboard/conversations", "h1"],
        "no such place": ["/nowhere", "h1"],
        settings: ["/settings", "main form"],
        keys: ["/settings/keys", "h1"],
        "language model": ["/settings/language-model", "main form"],
        "house mail": ["/settings/mail", "main form"],
        "chat rooms": ["/settings/chat", "h1"],
      };
      for (const [name, [path, sign]] of Object.entries(screens)) {
        await page.goto(path);
        await page.locator(sign).first().waitFor();
        wrong.push(...(await look(page, name)));
      }
      await window.close();
      const outside = await openWindow(browser, acme, { size });
      await outside.page.goto(far.link);
      await outside.page.getByRole("textbox", { name: "Your answer" }).waitFor();
      wrong.push(...(await look(outside.page, "a question by mail")));
      await outside.page.goto(far.invitation.replace(/^https?:\/\/[^/]+/, acme.address));
      await outside.page.getByRole("textbox").first().waitFor();
      wrong.push(...(await look(outside.page, "an invitation")));
      await outside.page.goto(far.reset);
      await outside.page.getByLabel("New password").waitFor();
      wrong.push(...(await look(outside.page, "a new password")));
      await outside.page.goto("/signin");
      await outside.page.getByRole("button", { name: "Sign in with an address instead" }).click();
      wrong.push(...(await look(outside.page, "sign-in by address")));
      await outside.page.getByRole("button", { name: "Forgot your password?" }).click();
      wrong.push(...(await look(outside.page, "a forgotten password")));
      assert.deepEqual(wrong, []);
      await outside.close();
    });

    test(`of the wizard, on a ${size}`, { timeout: 90_000 }, async () => {
      const window = await openWindow(browser, empty, { size });
      const { page } = window;
      const wrong = [];
      await page.goto(await setupLink(empty));
      await page.getByLabel("Your name").fill("Grace Okafor");
      wrong.push(...(await look(page, "wizard: you")));
      await page.getByLabel("Your e-mail").fill("grace@example.org");
      await page.getByLabel("A password").fill("a correct horse at the switchboard");
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByLabel("Name of the company").fill("ACME");
      wrong.push(...(await look(page, "wizard: company")));
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByRole("group", { name: "Keep these departments" }).waitFor();
      wrong.push(...(await look(page, "wizard: departments")));
      assert.deepEqual(wrong, []);
      await window.close();
    });
  }
});

/** What axe has to say of the page, in either scheme; and whether it is wider than the screen. */
async function look(page, name) {
  step(name);
  const wrong = [];
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.waitForFunction(() => !document.querySelector('[role="status"][aria-label="Loading"]'));
    await settled(page, colorScheme);
    await page.evaluate(axe);
    const violations = await page.evaluate(async (runOnly) => (await globalThis.axe.run(document, { runOnly })).violations, rules);
    for (const v of violations) {
      const node = v.nodes[0];
      wrong.push(`${name}, ${colorScheme}: ${v.id}: ${v.help}: ${v.nodes.length} × ${node.target.join(" ")} ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`);
    }
    if (await page.evaluate(() => document.documentElement.scrollWidth > globalThis.innerWidth + 1)) {
      wrong.push(`${name}, ${colorScheme}: it is wider than the screen`);
    }
  }
  return wrong;
}

/** Waits until the page wears the scheme, and nothing fades any more. */
async function settled(page, colorScheme) {
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
  await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    await Promise.allSettled(document.getAnimations().map((a) => a.finished));
    await frame();
  });
}
