// Opens every screen in Chromium, at desk and phone size, light and dark; keeps a picture of each in shots/ and runs
// axe on it. Ends with 1 when axe finds a violation, a script fails, or anything is asked for from outside.
//
//   npm run look                               all screens
//   npm run look -- inbox conversation         some of them
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const require = createRequire(import.meta.url);
const axePath = require.resolve("axe-core/axe.min.js");
const wanted = process.argv.slice(2);
const shots = new URL("../shots/", import.meta.url).pathname;
mkdirSync(shots, { recursive: true });

const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const schemes = ["light", "dark"];

/** name, who is signed in, address, and what to do before the picture. */
const screens = [
  ["inbox", "per_sue000001", "/inbox/all"],
  ["conversation", "per_sue000001", "/inbox/all/con_000000001"],
  [
    "private",
    "per_bob000001",
    "/inbox/department/con_000000002",
    (page) => page.getByRole("textbox", { name: "Reply" }).fill("Of course, Lena."),
  ],
  ["press", "per_grace0001", "/inbox/all/con_000000003"],
  ["unowned", "per_grace0001", "/inbox/unowned/con_000000010"],
  ["note", "per_sue000001", "/inbox/all/con_000000001", (page) => page.getByRole("tab", { name: "Note" }).click()],
  ["arabic", "per_sue000001", "/inbox/all/con_000000011"],
  ["unknown", "per_sue000001", "/inbox/mine/con_000000013"],
  ["put-through", "per_sue000001", "/inbox/all/con_000000002", (page) => page.keyboard.press("p")],
  ["snooze", "per_sue000001", "/inbox/all/con_000000001", (page) => page.keyboard.press("z")],
  ["palette", "per_grace0001", "/inbox/all/con_000000001", (page) => page.keyboard.press("Control+k")],
  ["keys-help", "per_sue000001", "/inbox/all/con_000000001", (page) => page.keyboard.press("?")],
  ["filtered", "per_sue000001", "/inbox/all?department=dep_service01&sort=clock"],
  ["empty", "per_petra0001", "/inbox/mine"],
  [
    "menu",
    "per_sue000001",
    "/inbox/all",
    async (page) =>
      (await page.getByRole("button", { name: "Menu" }).count()) &&
      page.getByRole("button", { name: "Menu" }).first().click(),
  ],
  ["outgoing", "per_grace0001", "/outgoing"],
  ["contact", "per_sue000001", "/contacts/cnt_000000001"],
  ["accounts", "per_grace0001", "/accounts"],
  ["account", "per_grace0001", "/accounts/acc_bluesky01"],
  ["connect", "per_grace0001", "/accounts/new"],
  ["connect-form", "per_grace0001", "/accounts/new", (page) => page.getByRole("button", { name: /Bluesky/ }).click()],
  ["departments", "per_grace0001", "/departments"],
  ["department", "per_grace0001", "/departments/dep_service01"],
  ["people", "per_grace0001", "/people"],
  ["person", "per_grace0001", "/people/per_petra0001"],
  ["invite", "per_grace0001", "/people", (page) => page.getByRole("button", { name: "Invite" }).click()],
  ["profile", "per_sue000001", "/me"],
  ["scoreboard", "per_grace0001", "/scoreboard"],
  ["scoreboard-list", "per_grace0001", "/scoreboard/conversations?days=30&found=wrong&said=dep_service01"],
  ["settings", "per_grace0001", "/settings"],
  [
    "language-model",
    "per_grace0001",
    "/settings/language-model",
    async (page) => {
      await page.getByLabel("Address").fill("https://models.example/v1");
      await page.getByLabel("Model", { exact: true }).fill("tiny");
      const save = page.getByRole("button", { name: "Save" });
      if (await save.isEnabled()) {
        await save.click(); // else it is as it was saved for the picture before
      }
      await page.getByRole("button", { name: "Try it" }).click();
      await page.getByRole("region", { name: /word for word/ }).waitFor();
    },
  ],
  ["api-keys", "per_grace0001", "/settings/keys"],
  ["signin", "", "/signin"],
  ["signin-own", "", "/signin", (page) => page.getByRole("button", { name: /address instead/ }).click()],
  ["join", "", "/join#inv-token"],
  ["setup", "", "/setup#set-token"],
  ["setup-company", "", "/setup#set-token", setupTo(1)],
  ["setup-template", "", "/setup#set-token", setupTo(2)],
  ["setup-people", "", "/setup#set-token", setupTo(3)],
  ["setup-account", "", "/setup#set-token", setupTo(4)],
  ["setup-done", "", "/setup#set-token", setupTo(5)],
].filter(([name]) => wanted.length === 0 || wanted.includes(name));

function setupTo(step) {
  return async (page) => {
    await page.getByLabel("Your name").fill("Grace Okafor");
    await page.getByLabel("Your e-mail").fill("grace@acme.example");
    await page.getByLabel("A password").fill("correct horse battery");
    await page.getByRole("button", { name: "Next" }).click();
    if (step < 2) return;
    await page.getByLabel("Name of the company").fill("ACME");
    await page.getByRole("button", { name: "Next" }).click();
    if (step < 3) return;
    await page.getByRole("button", { name: "Set it up" }).click();
    for (let i = 3; i < step; i++) await page.getByRole("button", { name: "Later" }).click();
  };
}

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
// A build of its own: somebody else may be making theirs.
const outDir = `${shots}dist`;
await build({ logLevel: "error", build: { outDir, emptyOutDir: true } });
let bad = 0;
const complain = (where, what) => {
  bad++;
  console.log(`${where}: ${what}`);
};

for (const as of new Set(screens.map(([, who]) => who))) {
  process.env.AS = as;
  const server = await preview({
    build: { outDir },
    preview: { port: 4599, strictPort: true, host: "127.0.0.1" },
    logLevel: "error",
  });
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of schemes) {
      for (const [name, , path, act] of screens.filter(([, who]) => who === as)) {
        await look({ name, path, act, size, viewport, colorScheme });
      }
    }
  }
  await server.close();
}
await browser.close();
console.log(`${screens.length} screens, ${bad} things to mend`);
process.exit(bad ? 1 : 0);

async function look({ name, path, act, size, viewport, colorScheme }) {
  const where = `${name}.${size}.${colorScheme}`;
  const context = await browser.newContext({
    viewport,
    colorScheme,
    reducedMotion: "reduce",
    isMobile: size === "phone",
    hasTouch: size === "phone",
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => complain(where, error.message));
  page.on("console", (m) => m.type() === "error" && complain(where, m.text()));
  page.on(
    "request",
    (r) => !/^(http:\/\/127\.0\.0\.1:4599|data:|about:|blob:)/.test(r.url()) && complain(where, `asks ${r.url()}`),
  );
  try {
    await page.goto(`http://127.0.0.1:4599${path}`);
    await page.waitForLoadState("load");
    await page.waitForSelector(/^\/inbox\/[^/]+\/./.test(path) ? "article" : "h1");
    await page.waitForFunction(() => !document.querySelector('[role="status"][aria-label="Loading"]'));
    await page.waitForTimeout(200);
    if (act) await act(page);
    await page.waitForTimeout(350);
    await page.screenshot({ path: `${shots}${where}.png` });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
    if (wide) complain(where, "is wider than the screen");
    await page.addScriptTag({ path: axePath });
    const { violations } = await page.evaluate(() =>
      window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
    );
    for (const v of violations)
      complain(
        where,
        `axe ${v.id}: ${v.help}: ${v.nodes
          .slice(0, 3)
          .map((n) => n.target.join(" ") + " " + n.html.slice(0, 160) + " " + (n.any[0]?.message ?? ""))
          .join(" | ")}`,
      );
  } catch (error) {
    complain(where, error.message.split("\n")[0]);
  }
  await context.close();
}
