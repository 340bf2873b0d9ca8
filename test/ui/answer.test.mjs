// Bob has no window open. Tom asks him by e-mail; Bob reads it on his phone, taps the link, answers without signing in, and
// Tom, who sees the answer come in, puts it into his reply by one key.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { plain, startPost } from "./far.mjs";
import { api, atTheEnd, enterAs, nobodys, openWindow, said, startBrowser, startHouse, step, until } from "./lib.mjs";

describe("a colleague who is not signed in", () => {
  const end = atTheEnd();
  let house, browser, post;
  before(async () => {
    post = await startPost(end);
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff", `--egress-allow=127.0.0.1:${post.port}`] });
    browser = await startBrowser(end);
  });

  test("answers from the link of an e-mail, and the answer is used by one key", { timeout: 240_000 }, async () => {
    const desk = await openWindow(browser, house);
    // A link that is over, and one that never was, are said to be so.
    const phone = await openWindow(browser, house, { size: "phone", scheme: "dark", expected: [/status of 404/, /status of 409/] });

    step("the administrator sets the house's mail and sends a test");
    await enterAs(desk.page, /Ada/);
    await desk.page.goto("/settings/mail");
    await desk.page.getByRole("switch", { name: "Write e-mails to people who work here" }).check({ force: true });
    await desk.page.getByRole("textbox", { name: "Mail server (SMTP)" }).fill("127.0.0.1");
    await desk.page.getByRole("combobox", { name: "Encryption" }).selectOption("plain");
    await desk.page.getByRole("textbox", { name: "Port" }).fill(String(post.port));
    await desk.page.getByRole("textbox", { name: "From address" }).fill("desk@acme.example");
    await desk.page.getByRole("button", { name: "Save" }).click();
    await said(desk.page, "Saved.").waitFor();
    await desk.page.getByRole("button", { name: "Send a test to me" }).click();
    await desk.page.getByText(/The mail server took the test/).waitFor();

    step("Tom takes a conversation and asks Bob, who is not signed in");
    await enterAs(desk.page, /Tom Okafor/);
    const [row] = await nobodys(desk.page);
    assert.ok(row, "the demonstration has a public conversation that nobody has");
    await api(desk.page, "POST", `/api/conversations/${row.id}/claim`);
    await desk.page.goto(`/inbox/mine/${row.id}`);
    await desk.page.getByRole("article", { name: row.contact.name }).waitFor();
    await desk.page.keyboard.press("q");
    await desk.page.getByRole("combobox", { name: "Who knows?" }).fill("Bob Miller");
    await desk.page.getByRole("button", { name: "Ask Bob Miller", exact: true }).waitFor();
    await until(() => desk.page.getByRole("checkbox", { name: "Ask by e-mail too" }).isChecked(), "an e-mail to be offered by itself");
    await desk.page.getByRole("textbox", { name: "What do you want to know?" }).fill("Was invoice 12 paid?");
    await desk.page.getByRole("combobox", { name: "They see" }).selectOption("message");
    await desk.page.getByRole("button", { name: "Ask Bob Miller", exact: true }).click();
    await said(desk.page, "Bob Miller was asked.").waitFor();
    await desk.page.locator(`[data-conversation="${row.id}"]`, { hasText: "waits for Bob" }).first().waitFor();

    step("the mail is there, with the question and the link");
    const mail = await until(() => post.taken.map(plain).find((m) => m.includes("Was invoice 12 paid?")), "the mail to Bob");
    assert.match(mail, /Auto-Submitted: auto-generated/);
    const token = /\/answer#([a-z2-7]{26})/.exec(mail)?.[1];
    assert.ok(token, "the mail holds a link");

    step("Bob opens it on his phone, without a session, and answers");
    await phone.page.goto(`/answer#${token}`);
    await phone.page.getByRole("heading", { name: "Tom Okafor asks you" }).waitFor();
    await phone.page.getByText("Was invoice 12 paid?").waitFor();
    assert.equal(new URL(phone.page.url()).hash, "", "the token leaves the address");
    assert.equal(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing is wider than the phone");
    const refused = await phone.page.evaluate(async (path) => (await fetch(path)).status, `/api/conversations/${row.id}`);
    assert.equal(refused, 401, "the link signs nobody in");
    phone.wrong.splice(0); // that 401, which the console notes
    const words = "Yes, it was paid on Friday.";
    await phone.page.getByRole("textbox", { name: "Your answer" }).fill(words);
    await phone.page.getByRole("button", { name: "Send the answer" }).click();
    await phone.page.getByText(/Tom Okafor has your answer/).waitFor();

    step("Tom sees it come in by itself and uses it by one key");
    await desk.page.getByRole("region", { name: "Requests" }).getByText(words).waitFor();
    await desk.page.getByText("Bob Miller answered by the link").waitFor();
    await desk.page.keyboard.press("a");
    await until(async () => (await desk.page.getByRole("textbox", { name: "Reply" }).inputValue()).includes(words), "the answer to stand in the reply");

    step("the link is used again, and says that it was answered");
    await phone.page.goto("/signin");
    await phone.page.goto(`/answer#${token}`);
    await phone.page.getByRole("heading", { name: "Already answered" }).waitFor();
    await phone.page.getByText(/Bob Miller answered this/).waitFor();
    await phone.page.goto("/signin");
    await phone.page.goto(`/answer#${"a".repeat(26)}`);
    await phone.page.getByRole("heading", { name: "This link opens nothing" }).waitFor();
    await desk.close();
    await phone.close();
  });

  test("who forgot their password sets a new one by a link, on a phone", { timeout: 120_000 }, async () => {
    const { page, close } = await openWindow(browser, house, { size: "phone", expected: [/status of 404/] });
    await page.goto("/signin");
    await page.getByRole("button", { name: "Sign in with an address instead" }).click();
    const { items } = await (await fetch(`${house.address}/api/demo/people`)).json();
    const { email } = items.find((p) => p.name === "Bob Miller");
    await page.getByLabel("E-mail").fill(email);
    await page.getByRole("button", { name: "Forgot your password?" }).click();
    await page.getByRole("button", { name: "Send me a link" }).click();
    await page.getByText(`If somebody works here as ${email}`).waitFor();
    const mail = await until(() => post.taken.map(plain).find((m) => m.includes("/reset#")), "the mail with the link");
    const path = /\/reset#[a-z2-7]{52}/.exec(mail)?.[0];
    assert.ok(path, "the mail holds a link");
    await page.goto(path);
    await page.getByText(/Bob Miller, this is your new password/).waitFor();
    assert.equal(new URL(page.url()).hash, "", "the token leaves the address");
    await page.getByLabel("New password").fill("a kettle that whistles");
    await page.getByRole("button", { name: "Set it and sign in" }).click();
    await page.waitForURL(/\/inbox\//);
    assert.equal((await api(page, "GET", "/api/session")).person.name, "Bob Miller");
    await until(() => post.taken.map(plain).some((m) => m.includes("was changed")), "the mail that says so");
    await page.goto(`${path}`);
    await page.getByRole("heading", { name: "This link cannot be used" }).waitFor();
    await close();
  });
});
