// What somebody has begun to write is in their other browser; who writes is seen by a colleague, who is shown the answer before theirs
// goes out as a second; what is taken back is where it was written; a dead end offers to put it through; a private matter is not told
// in public by accident; a long answer is said in parts. At a desk and, as far as one writes there, on a phone.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { api, atTheEnd, enterAs, nobodys, openWindow, said, startBrowser, startHouse, step, until } from "./lib.mjs";

const field = (page) => page.getByRole("textbox", { name: "Reply" });
const shot = async (page, name) => process.env.SHOTS && page.screenshot({ path: `${process.env.SHOTS}/composer-${name}.png` });

/** Opens a conversation and waits until it can be answered. */
async function openTalk(page, row) {
  await page.goto(`/inbox/all/${row.id}`);
  await field(page).waitFor();
}

describe("the composer", () => {
  const end = atTheEnd();
  let house, browser;
  before(async () => {
    house = await startHouse(end, "demo", { flags: ["--no-demo-staff"] });
    browser = await startBrowser(end);
  });

  test("two people, two browsers, one conversation", { timeout: 240_000 }, async () => {
    const desk = await openWindow(browser, house);
    const phone = await openWindow(browser, house, { size: "phone", scheme: "dark" });
    // The second answer is refused on purpose.
    const colleague = await openWindow(browser, house, { expected: [/409/] });
    await enterAs(desk.page, /Ada Brandt/);
    await enterAs(phone.page, /Ada Brandt/);
    await enterAs(colleague.page, /Frank Osei|Sam |Marcus|Operator|operator/);
    const [row, other, third] = await nobodys(desk.page);
    assert.ok(row && other && third, "the demo should have conversations that nobody has");

    step("what is begun at the desk is on the phone");
    await openTalk(desk.page, row);
    await field(desk.page).fill("Half a sentence");
    await until(async () => (await api(desk.page, "GET", "/api/drafts")).items.length === 1, "the draft to be kept");
    await openTalk(phone.page, row);
    await until(async () => (await field(phone.page).inputValue()) === "Half a sentence", "the draft to be on the phone");
    const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} pixels too wide`);

    step("and goes on there, as it is typed at the desk");
    await field(desk.page).fill("Half a sentence, and the rest.");
    await until(async () => (await field(phone.page).inputValue()) === "Half a sentence, and the rest.", "the phone to follow");
    await shot(phone.page, "draft-phone");

    step("a colleague sees that she writes");
    await openTalk(colleague.page, row);
    await field(desk.page).press("End");
    await field(desk.page).pressSequentially(" Now.");
    await colleague.page.getByText("Ada Brandt is writing an answer").waitFor();
    await field(colleague.page).fill("My own answer.");
    await shot(colleague.page, "writing");

    step("she sends, takes it back, and it is where she wrote it");
    const send = desk.page.getByRole("button", { name: /^Reply as @.*, in public$/ });
    await send.click();
    await said(desk.page, "Leaves in 10 seconds.").waitFor();
    await until(async () => (await field(desk.page).inputValue()) === "", "the field to be empty");
    await until(async () => (await field(phone.page).inputValue()) === "", "the phone's to be empty too");
    await desk.page.getByRole("button", { name: "Undo" }).click();
    await until(async () => (await field(desk.page).inputValue()).endsWith("Now."), "the words to be back");

    step("she sends it again, and the colleague is shown it before theirs goes out");
    await send.click();
    const warning = colleague.page.getByRole("alert").filter({ hasText: "Half a sentence, and the rest. Now." });
    await warning.waitFor();
    assert.match(await warning.innerText(), /Ada Brandt/);
    await shot(colleague.page, "meanwhile");
    await warning.getByRole("button", { name: "Send mine as well" }).click();
    await said(colleague.page, "Leaves in 10 seconds.").waitFor();
    await colleague.page.getByRole("button", { name: "Undo" }).click();
    await until(async () => (await field(colleague.page).inputValue()) === "My own answer.", "their words to be back");

    step("a dead end is heard, asked about, and put through instead");
    await openTalk(desk.page, other);
    await field(desk.page).fill("Sorry, I only do marketing. Call +49 170 1234567.");
    await desk.page.getByText(/This sends them away: “Sorry, I only do marketing/).waitFor();
    await desk.page.getByText(/Everybody can read this: \+49 170 1234567/).waitFor();
    await send.click();
    await desk.page.getByRole("button", { name: "Send all the same" }).waitFor();
    await shot(desk.page, "warnings");
    await desk.page.getByRole("button", { name: "Put it through instead" }).click();
    await desk.page.getByRole("dialog", { name: /^Put .* through|Put through/ }).waitFor();
    await desk.page.keyboard.press("Escape");
    assert.equal((await api(desk.page, "GET", `/api/conversations/${other.id}`)).deliveries.length, 0);
    await field(desk.page).fill("");

    step("a long answer is said in parts, each after the one before");
    await openTalk(desk.page, third);
    const long = "It took longer than it should have, and we are sorry for that. ".repeat(12).trim();
    await field(desk.page).fill(long);
    await desk.page.getByRole("button", { name: /^Say it in \d parts$/ }).click();
    await shot(desk.page, "parts");
    await desk.page.getByRole("button", { name: "How to send" }).click();
    await desk.page.getByRole("menuitemradio", { name: "None" }).click();
    await desk.page.keyboard.press("Escape");
    await desk.page.getByRole("button", { name: /^Reply as @.*, in public, in \d parts$/ }).click();
    // They write another language than ours, perhaps: it is said, and one more key sends it.
    await desk.page.getByRole("button", { name: "Send all the same" }).click({ timeout: 4000 }).catch(() => undefined);
    const parts = await until(async () => {
      const { deliveries } = await api(desk.page, "GET", `/api/conversations/${third.id}`);
      return deliveries.length > 1 && deliveries.every((d) => d.state === "sent") && deliveries;
    }, "all parts to be sent");
    assert.deepEqual(
      parts.map((d) => d.part),
      parts.map((_, k) => k + 1),
    );
    assert.ok(parts.every((d, k) => d.text.endsWith(`(${k + 1}/${parts.length})`)), parts.map((d) => d.text.slice(-10)).join());
    assert.ok(parts.every((d, k) => k === 0 || d.sentAt >= parts[k - 1].sentAt));

    step("an emoji is found by its name and stands where the cursor was");
    await openTalk(desk.page, other);
    await field(desk.page).fill("Done !");
    await field(desk.page).press("ArrowLeft");
    await desk.page.getByRole("button", { name: "Emoji" }).click();
    await desk.page.getByPlaceholder("Search emoji").fill("party popper");
    await desk.page.getByRole("gridcell").or(desk.page.locator("button[title='party popper']")).first().waitFor();
    await until(async () => (await desk.page.getByRole("gridcell").first().innerText()).includes("🎉"), "the search to have found it");
    await shot(desk.page, "emoji");
    await desk.page.keyboard.press("Enter");
    await until(async () => (await field(desk.page).inputValue()) === "Done 🎉!", "the emoji to be there");
    await field(desk.page).fill("");

    await desk.close();
    await phone.close();
    await colleague.close();
  });
});
