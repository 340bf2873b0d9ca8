// Makes the pictures of docs/screenshots of the real program: every screen at desk and phone size, light and dark; what decides,
// at a desk. Run by scripts/screenshots; with names, only those of these names are made.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ask, invite, reset, startForum, startPost, storm } from "./far.mjs";
import { api, enterAs, openWindow, setupLink, sizes, startBrowser, startHouse, until } from "./lib.mjs";

const folder = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const only = process.argv.slice(2);
const endings = [];
const end = { after: (close) => endings.push(close) };

try {
  mkdirSync(folder, { recursive: true });
  const browser = await startBrowser(end);
  const empty = await startHouse(end, "serve");
  await everyWay(browser, empty, "wizard", wizard(await setupLink(empty)));
  const post = await startPost(end);
  const forum = await startForum(end);
  const acme = await startHouse(end, "demo", { flags: [`--egress-allow=127.0.0.1:${post.port}, 127.0.0.1:${forum.port}`] });
  const talk = await talkTo(browser, acme);
  await everyWay(browser, acme, "signin", async (page) => {
    await page.goto("/signin");
    await page.getByRole("button", { name: /Ada Brandt/ }).waitFor();
  });
  await everyWay(browser, acme, "inbox", async (page) => {
    await enterAs(page, /Tom Okafor/);
    await page.goto("/inbox/all");
    await page.locator("[data-conversation]").first().waitFor();
  });
  await everyWay(browser, acme, "conversation", async (page) => {
    await enterAs(page, /Tom Okafor/);
    await page.goto(`/inbox/all/${talk}`);
    await page.getByRole("article").waitFor();
    await page.locator('[data-direction="out"]').first().waitFor();
  });
  await once(browser, acme, "reasons", /Tom Okafor/, `/inbox/all/${talk}`, async (page) => {
    await page.getByRole("button", { name: /^Put through to/ }).first().click();
    await page.getByText("What the last message says").waitFor();
  });
  await once(browser, acme, "rule", /Noor Haddad/, "/rules", async (page) => {
    await page.getByRole("button", { name: "Add a rule" }).click();
    const dialogue = page.getByRole("dialog");
    await dialogue.getByLabel(/^Name/).fill("Invoices");
    await dialogue.getByLabel("Any of").first().fill("invoic*");
    await page.keyboard.press("Enter");
    await dialogue.getByLabel(/^Then it goes to/).click();
    await page.getByRole("option", { name: "Accounts", exact: true }).click();
    await dialogue.getByText(/^It would have caught/).waitFor();
  });
  await once(browser, acme, "map", /Noor Haddad/, "/map", async (page) => page.locator("main table, main li").first().waitFor());
  await once(browser, acme, "replay", /Noor Haddad/, "/map", async (page) => {
    await page.getByRole("button", { name: "Edit the map" }).click();
    for (const n of [1, 2, 3]) {
      await page.getByRole("combobox", { name: `Answers, row ${n}`, exact: true }).click().catch(() => page.getByLabel(`Answers, row ${n}`, { exact: true }).click());
      await page.getByRole("option", { name: "Sales", exact: true }).click();
    }
    await page.getByRole("button", { name: /^Try it on the last/ }).click();
    await page.getByText(/conversations began/).waitFor();
    await page.getByText("What would move").scrollIntoViewIfNeeded();
  });
  await once(browser, acme, "scoreboard", /Noor Haddad/, "/scoreboard", async (page) => page.getByText("Is it as sure as it says?").waitFor());
  await everyWay(browser, acme, "composer", async (page) => {
    await enterAs(page, /Tom Okafor/);
    await page.goto(`/inbox/all/${talk}`);
    await page.getByRole("textbox", { name: "Reply" }).fill("Thank you for the photo. I have asked our workshop, and we'll get back to you by Friday.");
    await page.getByRole("list", { name: "You are about to promise" }).waitFor();
  });
  await everyWay(browser, acme, "post", async (page) => {
    await enterAs(page, /Noor Haddad/);
    await page.goto("/posts");
    await page.getByText("@acme@social.example").click();
    await page.getByRole("textbox").last().fill("The Kettle Uno has a cord as long as you asked for. From Monday in every shop 💛");
  });
  await everyWay(browser, acme, "tour", async (page) => {
    await enterAs(page, /Tom Okafor/);
    await page.getByRole("button", { name: "Show me around" }).click();
    await page.getByRole("dialog").waitFor();
  });
  await everyWay(browser, acme, "asked", async (page) => {
    await enterAs(page, /Bob Miller/);
    await page.goto("/inbox/asked");
    await page.locator("main h1, main h2").first().waitFor();
  });
  await screens(browser, acme, talk);
  await outside(browser, acme, post, forum);
  await everyWay(browser, acme, "health", async (page) => {
    await enterAs(page, /Ada/);
    await page.goto("/accounts");
    await page.getByRole("link", { name: /Trusted reviews|closed/i }).first().click();
    await page.getByRole("heading", { name: "Health" }).waitFor();
  });
} finally {
  for (const close of endings.reverse()) {
    await close();
  }
}

/** Takes one picture of a screen at a desk, in the light, as somebody sees it. */
async function once(browser, house, name, who, path, prepare) {
  await everyWay(
    browser,
    house,
    name,
    async (page) => {
      await enterAs(page, who);
      await page.goto(path);
      await prepare(page);
    },
    ["desktop"],
    ["light"],
  );
}

/** Takes one picture at each size in each scheme. */
async function everyWay(browser, house, name, prepare, at = Object.keys(sizes), schemes = ["light", "dark"]) {
  for (const size of at) {
    for (const scheme of schemes) {
      if (only.length > 0 && !only.includes(name)) {
        continue;
      }
      const window = await openWindow(browser, house, { size, scheme });
      await prepare(window.page);
      await take(window.page, `${name}-${size}-${scheme}`);
      await window.close();
    }
  }
}

/** Takes a picture when nothing loads and nothing fades any more. */
async function take(page, name) {
  await page.waitForFunction(() => !document.querySelector('[role="status"][aria-label="Loading"]'));
  await page.evaluate(() => document.fonts.ready);
  const offer = page.getByRole("button", { name: "Not now" });
  if (await offer.isVisible()) {
    await offer.evaluate((button) => button.click()); // of the tour, under whatever is open: the screen itself is to be seen
  }
  await page.waitForTimeout(600);
  const cdp = await page.context().newCDPSession(page);
  const { data } = await cdp.send("Page.captureScreenshot", { format: "webp", quality: 80 });
  writeFileSync(`${folder}${name}.webp`, Buffer.from(data, "base64"));
  console.log(`docs/screenshots/${name}.webp`);
}

/** The screens that are seen as they open, as the administrator of the demonstration sees them. */
async function screens(browser, house, talk) {
  for (const size of Object.keys(sizes)) {
    for (const scheme of ["light", "dark"]) {
      const window = await openWindow(browser, house, { size, scheme });
      const { page } = window;
      await enterAs(page, /Ada Brandt/);
      const { contact } = await api(page, "GET", `/api/conversations/${talk}`);
      const shelf = (await api(page, "GET", "/api/answers")).items;
      const [department] = (await api(page, "GET", "/api/departments")).items;
      const bob = (await api(page, "GET", "/api/people")).items.find((p) => p.name === "Bob Miller");
      const all = {
        promises: "/promises", board: "/board", contacts: "/contacts", contact: `/contacts/${contact.id}`, "contacts-import": "/contacts/import",
        answers: "/answers", answer: `/answers/${shelf[0].id}`, "saved-replies": "/saved-replies", search: "/search?q=order",
        notifications: "/notifications", told: "/me/notifications", topics: "/topics", rules: "/rules", people: "/people", departments: "/departments",
        accounts: "/accounts", outgoing: "/outgoing", settings: "/settings", mail: "/settings/mail", chats: "/settings/chat",
        model: "/settings/language-model", keys: "/settings/keys", profile: "/me", department: `/departments/${department.id}`,
        person: `/people/${bob.id}`, "account-new": "/accounts/new", "answer-new": "/answers/new", verdicts: "/scoreboard/conversations",
      };
      for (const [name, path] of Object.entries(all)) {
        if (only.length > 0 && !only.includes(name)) {
          continue;
        }
        await page.goto(path);
        await page.locator("main h1").first().waitFor();
        await take(page, `${name}-${size}-${scheme}`);
      }
      await window.close();
    }
  }
}

/** What many write about at once, and what who is not signed in sees: a question by mail, an invitation. */
async function outside(browser, house, post, forum) {
  if (only.length > 0 && !only.some((name) => ["incident", "thread", "question", "join", "reset"].includes(name))) {
    return;
  }
  const window = await openWindow(browser, house);
  await enterAs(window.page, /Ada Brandt/);
  const { account, incident } = await storm(window.page, house, forum);
  const link = await ask(window.page, house, post);
  const invitation = new URL(await invite(window.page));
  const newPassword = await reset(window.page);
  await window.close();
  for (const [name, path] of Object.entries({ incident: `/incidents/${incident.id}`, thread: `/threads?account=${account.id}&thread=post` })) {
    await everyWay(browser, house, name, async (page) => {
      await enterAs(page, /Ada Brandt/);
      await page.goto(path);
      await page.getByText("Ann Berger").first().waitFor();
    });
  }
  await everyWay(browser, house, "question", async (page) => {
    await page.goto(link);
    await page.getByRole("textbox", { name: "Your answer" }).waitFor();
  });
  await everyWay(browser, house, "join", async (page) => {
    await page.goto(`${house.address}/join${invitation.hash}`);
    await page.getByRole("textbox").first().waitFor();
  });
  await everyWay(browser, house, "reset", async (page) => {
    await page.goto(newPassword);
    await page.getByLabel("New password").waitFor();
  });
}

/** The wizard at its most telling step: who answers what. */
function wizard(link) {
  return async (page) => {
    await page.goto(link);
    await page.getByLabel("Your name").fill("Grace Okafor");
    await page.getByLabel("Your e-mail").fill("grace@acme.example");
    await page.getByLabel("A password").fill("a correct horse at the switchboard");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("Name of the company").fill("ACME Household");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("group", { name: "Keep these departments" }).waitFor();
  };
}

/** A conversation worth a picture: in public and in English, answered by Tom, with a note and the customer's reaction. */
async function talkTo(browser, house) {
  const window = await openWindow(browser, house, {});
  const { page } = window;
  await enterAs(page, /Tom Okafor/);
  const { items } = await api(page, "GET", "/api/conversations?view=unowned&state=open");
  const row = items.find((r) => !r.private && r.account.channel === "mastodon" && r.language === "en" && r.intent === "support") ??
    items.find((r) => !r.private && r.account.channel === "mastodon");
  const at = `/api/conversations/${row.id}`;
  await api(page, "POST", `${at}/claim`, {});
  const c = await api(page, "GET", at);
  await api(page, "POST", `${at}/notes`, { text: "Stefan knows this error: it is the pump in most cases. 🙂" });
  await api(
    page,
    "POST",
    `${at}/reply`,
    { text: `Sorry about that, ${row.contact.name.split(" ")[0]}! Please switch it off and check the filter at the bottom left. If it still complains, tell us and a technician comes by this week 🔧`, account: c.replyAs.account, private: false, undo: 0, then: "waiting", media: [] },
  );
  await until(async () => (await api(page, "GET", at)).messages >= 3, "the customer's reaction", 60_000);
  await window.close();
  return row.id;
}
