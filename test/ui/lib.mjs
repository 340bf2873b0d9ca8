// What every journey stands on: the real program on a port of its own with an empty folder, and Chromium in front of it.
// A window that hears of a script's error, of a broken content policy or of a request to anywhere but the house fails
// its test when it is closed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { databaseOf, dropDatabase } from "./postgres.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = process.env.SWITCHBOARD_BIN || join(root, "bin/switchboard");
const browserProgram = process.env.CHROMIUM || "/usr/bin/chromium";

export const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** How long to wait for something that should happen by itself. Generous: machines are busy, and nothing depends on it. */
export const patience = 30_000;

/** Says what the journey does and how far into the file it is, so that a reader of the log can follow. */
export function step(words) {
  console.log(`  · ${(performance.now() / 1000).toFixed(1)} s: ${words}`);
}

/** The windows that are open. One that still is when its file ends belongs to a test that failed. */
const open = new Set();

/** Where things are given that have to end with the tests of a describe: the last begun ends first. */
export function atTheEnd() {
  const all = [];
  after(async () => {
    for (const window of open) {
      await lastSight(window).catch(() => undefined);
    }
    for (const close of all.reverse()) {
      await close();
    }
  });
  return { after: (close) => all.push(close) };
}

/** Keeps a picture of what a window showed when its test failed, and says what it complained about. */
async function lastSight({ page, wrong }) {
  const path = join(mkdtempSync(join(tmpdir(), "switchboard-ui-failed-")), "last.png");
  await page.screenshot({ path, timeout: 5000 });
  console.log(`  ! a window was still open at ${page.url()}; a picture of it is in ${path}`);
  wrong.forEach((words) => console.log(`  ! ${words}`));
}

/** A port that nobody uses at this moment. */
export function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/**
 * Starts the program ("demo" or "serve") and waits until it answers; on PostgreSQL where SWITCHBOARD_POSTGRES names a
 * cluster. `t` is what atTheEnd gives. `port` and `data` are given when a house is started again where it was.
 */
export async function startHouse(t, what, options = {}) {
  for (;;) {
    const house = await start(t, what, options);
    if (house) {
      return house;
    }
    step("another took the port meanwhile; once more at another");
  }
}

/** A house, or nothing when somebody else took its port between looking for a free one and listening at it. */
async function start(t, what, { flags = [], port, data }) {
  assert.ok(existsSync(program), `there is no ${program}: build it first, with "make build"`);
  const any = port === undefined;
  port ??= await freePort();
  const own = data === undefined;
  data ??= mkdtempSync(join(tmpdir(), "switchboard-ui-"));
  const copied = own && what === "demo" && process.env.SWITCHBOARD_DEMO;
  if (copied) {
    cpSync(process.env.SWITCHBOARD_DEMO, data, { recursive: true }); // its history is lived through once for all files
  }
  const database = databaseOf(data, copied && process.env.SWITCHBOARD_DEMO_DATABASE);
  if (database) {
    flags = [...flags, `--${what === "demo" ? "demo-database" : "database"}=${database}`];
  }
  // Settings of whoever runs the tests must not reach the house.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("SWITCHBOARD_")));
  const child = spawn(program, [what, "--listen", `127.0.0.1:${port}`, "--data", data, "--log-level", "warn", ...flags], {
    env,
    cwd: data,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  child.stderr.on("data", (bytes) => (said += bytes));
  let gone = false;
  const ended = new Promise((done) => child.once("exit", () => ((gone = true), done())));
  const house = {
    address: `http://127.0.0.1:${port}`,
    port,
    data,
    /** The address of its database, nothing when it is a file in its folder. */
    database,
    /** Everything the program has printed. */
    said: () => said,
    async stop() {
      child.kill("SIGTERM");
      const hard = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(hard);
    },
  };
  t.after(async () => {
    await house.stop();
    if (own) {
      rmSync(data, { recursive: true, force: true });
      dropDatabase(data);
    }
  });
  const taken = () => any && gone && /address already in use/.test(said);
  await until(
    async () => {
      assert.ok(!gone || taken(), `the program ended while it started:\n${said}`);
      return taken() || (await fetch(`${house.address}/healthz`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined))?.ok;
    },
    `the program to answer at ${house.address}/healthz`,
    120_000,
  );
  return taken() ? undefined : house;
}

/** The one-time link that an empty house prints, at the address by which the tests reach it. */
export async function setupLink(house) {
  const token = await until(() => /\/setup#(\S+)/.exec(house.said())?.[1], "the set-up link to be printed");
  return `${house.address}/setup#${token}`;
}

/** Waits until `look` gives something true, and returns it. */
export async function until(look, what, most = patience) {
  for (const end = Date.now() + most; Date.now() < end; ) {
    const seen = await look();
    if (seen) {
      return seen;
    }
    await new Promise((done) => setTimeout(done, 150));
  }
  return assert.fail(`waited ${most / 1000} s in vain for ${what}`);
}

/** One Chromium for a test file. No name resolves in it but our own: what asks for the world gets nothing, and is noted. */
export async function startBrowser(t) {
  assert.ok(existsSync(browserProgram), `there is no ${browserProgram}: install Chromium ("scripts/need chromium"), or name yours in CHROMIUM`);
  const browser = await chromium.launch({
    executablePath: browserProgram,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP desk.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
  t.after(() => browser.close());
  return browser;
}

/**
 * A window of its own, with its own cookies. `expected` are patterns of complaints that the journey provokes on purpose
 * (a dead link answers 403, say).
 */
export async function openWindow(browser, house, { size = "desktop", scheme = "light", host = "127.0.0.1", expected = [] } = {}) {
  const address = `http://${host}:${house.port}`;
  const context = await browser.newContext({
    baseURL: address,
    viewport: sizes[size],
    colorScheme: scheme,
    reducedMotion: "reduce",
    isMobile: size === "phone",
    hasTouch: size === "phone",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  });
  context.setDefaultTimeout(patience);
  const wrong = [];
  const note = (words) => expected.some((pattern) => pattern.test(words)) || wrong.push(words);
  context.on("page", (page) => {
    page.on("pageerror", (error) => note(`a script failed: ${error.stack ?? error.message}`));
    page.on("console", (m) => m.type() === "error" && note(`the console says: ${m.text()} (${m.location().url})`));
    page.on("dialog", (dialog) => (note(`a dialogue opened: ${dialog.message()}`), dialog.dismiss()));
    page.on("crash", () => note("the page crashed"));
  });
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:", "about:"].includes(url.protocol) && url.origin !== address) {
      note(`asks for ${request.url()}`);
    }
  });
  const page = await context.newPage();
  const window = {
    page,
    context,
    wrong,
    /** Closes the window, and fails if anything went wrong in it. */
    async close() {
      open.delete(window);
      await context.close();
      if (wrong.length > 0) {
        step(`the program's last words:\n${house.said().slice(-4_000)}`);
      }
      assert.deepEqual(wrong, [], "the window should have nothing to complain about");
    },
  };
  open.add(window);
  return window;
}

/** Signs in to the demonstration as one of ACME. */
export async function enterAs(page, name) {
  await page.goto("/signin");
  await page.getByRole("button", { name }).first().click();
  await page.waitForURL(/\/inbox\//);
}

/** The first page of what nobody has, newest first. */
export async function nobodysRows(page) {
  return (await api(page, "GET", "/api/conversations?view=unowned&state=open")).items;
}

/**
 * Public conversations of the social network that nobody has, newest first. None of the last two minutes: who has just
 * written may correct it or take it back, and an answer to that is held, as it should be.
 */
export async function nobodys(page) {
  const items = await nobodysRows(page);
  return items.filter((row) => row.account.channel === "mastodon" && !row.private && Date.parse(row.lastAt) < Date.now() - 120_000);
}

/** What the page says in passing: a notice with these words. */
export function said(page, words) {
  return page.getByRole("region", { name: "Notices" }).getByText(words, { exact: typeof words === "string" });
}

/** Calls the API as whoever is signed in in the window. */
export async function api(page, method, path, body) {
  return page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(path, {
        method,
        headers: body === undefined ? {} : { "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) {
        throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      }
      return text ? JSON.parse(text) : undefined;
    },
    [method, path, body],
  );
}

/** Brings messages to an account of the channel "hook" by a signed call, as a bridge does. */
export async function deliver(house, account, secret, messages) {
  const body = JSON.stringify({ events: messages.map((message) => ({ kind: "said", message })) });
  const id = randomUUID();
  const at = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", secret).update(`${id}.${at}.${body}`).digest("hex");
  const answer = await fetch(`${house.address}/hook/${account}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Switchboard-Id": id, "Switchboard-Timestamp": at, "Switchboard-Signature": `v1=${signature}` },
    body,
  });
  assert.equal(answer.status, 200, await answer.text());
}
