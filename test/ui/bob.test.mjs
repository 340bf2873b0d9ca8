// Bob knows about invoices and answers on his phone, in the dark. He may not speak in public: his words wait for somebody
// who may.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, enterAs, nobodys, openWindow, said, startBrowser, startHouse, step, until } from "./lib.mjs";

describe("a contributor", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff"] });
    browser = await startBrowser(end);
  });

  test("answers what was put through to him, and it leaves when a manager approves", { timeout: 150_000 }, async () => {
    const desk = await openWindow(browser, house);
    const phone = await openWindow(browser, house, { size: "phone", scheme: "dark" });

    step("Bob opens what is his");
    await enterAs(phone.page, /Bob Miller/);
    await phone.page.getByRole("heading", { name: "Mine" }).waitFor();
    assert.equal(await phone.page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches), true);

    step("Tom puts a conversation through to him, with a reason");
    await enterAs(desk.page, /Tom Okafor/);
    const [row] = await nobodys(desk.page);
    assert.ok(row, "the demonstration has a public conversation that nobody has");
    const bob = await candidate(desk.page, row, "Bob Miller");
    await api(desk.page, "POST", `/api/conversations/${row.id}/handover`, { ...bob, reason: "You know this customer's invoice." });

    step("Bob sees it come in by itself, opens it and reads why");
    const item = phone.page.locator(`[data-conversation="${row.id}"]`);
    await item.waitFor();
    await item.click();
    await phone.page.getByRole("article", { name: row.contact.name }).waitFor();
    await phone.page.getByText("You know this customer's invoice.").first().waitFor();

    step("Bob sees what is with his department");
    await phone.page.getByRole("button", { name: "Back to the list" }).click();
    await phone.page.getByRole("link", { name: /Department/ }).click();
    await phone.page.locator("[data-conversation]", { hasText: "Accounts" }).first().waitFor();
    await phone.page.getByRole("link", { name: /Mine/ }).click();
    await item.click();

    step("Bob answers; the button says that it will be asked for, and his words wait");
    const words = "The corrected invoice is on its way to you; the old one is void.";
    await phone.page.getByRole("textbox", { name: "Reply" }).fill(words);
    await phone.page.getByRole("button", { name: /^Ask to reply as/ }).click();
    const waits = said(phone.page, "Waits for an approval.");
    const anyway = phone.page.getByRole("button", { name: "Send all the same" }); // the customer may write another language
    await waits.or(anyway).first().waitFor();
    if (await anyway.isVisible()) {
      await anyway.click();
    }
    await waits.waitFor();
    const card = phone.page.locator('[data-state="held"]', { hasText: words });
    await card.waitFor();
    assert.equal(await card.getByRole("button", { name: "Approve and send" }).count(), 0, "nobody approves their own words");

    step("Noor, a manager, finds it under Outgoing and approves it");
    await enterAs(desk.page, /Noor Haddad/);
    await desk.page.goto("/outgoing");
    const waiting = desk.page.locator('[data-state="held"]', { hasText: words });
    await waiting.getByRole("button", { name: "Approve and send" }).click();
    await said(desk.page, "Approved. It is on its way.").waitFor();
    await waiting.waitFor({ state: "detached" });

    step("Bob sees it sent");
    await phone.page.locator('[data-direction="out"]', { hasText: words }).waitFor();
    const told = await api(desk.page, "GET", `/api/conversations/${row.id}`);
    assert.equal(told.deliveries.filter((d) => d.text.includes(words) && d.state !== "sent").length, 0);
    assert.equal(told.timeline.filter((e) => e.direction === "out" && e.text.includes(words)).length, 1, "it was said once");
    await desk.close();
    await phone.close();
  });
});

async function candidate(page, row, name) {
  const found = await until(async () => {
    const { items } = await api(page, "GET", `/api/candidates?conversation=${row.id}&q=Bob`);
    return items.find((c) => c.person?.name === name);
  }, `${name} to be offered`);
  return { person: found.person.id, department: found.department.id };
}
