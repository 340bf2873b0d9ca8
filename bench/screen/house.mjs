// What every figure stands on: the real program on a house that furnish made, and a real Chromium in front of it.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deliver, startHouse } from "../../test/ui/lib.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = process.env.SWITCHBOARD_BIN || join(root, "bin/switchboard");
const { chromium } = createRequire(join(root, "test/ui/lib.mjs"))("playwright-core");

/** Given what has to be ended; end ends it, the last first. */
export function endings() {
  const all = [];
  return {
    after: (close) => all.push(close),
    async end() {
      for (const close of all.reverse()) {
        await close();
      }
    },
  };
}

/** A house with so many open conversations and some long ones, running. */
export async function fullHouse(end, { conversations, long, messages }) {
  const data = mkdtempSync(join(tmpdir(), "switchboard-screen-"));
  end.after(() => rmSync(data, { recursive: true, force: true }));
  const args = ["run", "./bench/screen/furnish", "-data", data, "-conversations", conversations, "-long", long, "-messages", messages];
  const entry = JSON.parse(execFileSync("go", args.map(String), { cwd: root, encoding: "utf8" }));
  const house = await startHouse(end, "serve", { data });
  return { ...house, ...entry };
}

/** The house of the demonstration, running. */
export const demo = (end) => startHouse(end, "demo");

/** Chromium as a person has it: it moves things, keeps a cache, and says how much memory a page takes. */
export async function startChromium(end, args = []) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: [...chromiumArgs, ...args] });
  end.after(() => browser.close());
  return browser;
}

/** The same with a folder of its own, for what works in the first window only. */
export async function startChromiumAt(end, args = []) {
  const folder = mkdtempSync(join(tmpdir(), "switchboard-chromium-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [...chromiumArgs, ...args],
    viewport: null,
  });
  end.after(async () => {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return context;
}

export const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--enable-precise-memory-info",
];

/** A window in which somebody is signed in, with nothing of the house in its cache. */
export async function signedIn(browser, house, kept) {
  const context = await browser.newContext({
    baseURL: house.address,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    ...(kept ? { storageState: kept } : {}),
  });
  context.setDefaultTimeout(60_000);
  if (!kept) {
    const answer = await context.request.post("/api/session", {
      data: { email: house.email, password: house.password },
      headers: { Origin: house.address },
    });
    if (!answer.ok()) {
      throw new Error(`nobody gets in: ${answer.status()} ${await answer.text()}`);
    }
  }
  return context;
}

/**
 * Lets messages arrive, `rate` a second for `seconds`, each from somebody of its own; and one more a second in the
 * conversation that is open. Resolves when it is over.
 */
export function storm(house, { rate, seconds }) {
  const args = ["load", "--url", house.address, "--account", house.account, "--secret", house.secret, "--key", house.key];
  const child = spawn(program, [...args, "--rate", String(rate), "--for", `${seconds}s`], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (bytes) => (said += bytes));
  child.stderr.on("data", (bytes) => (said += bytes));
  let n = 0;
  const also = setInterval(() => {
    const remoteId = `storm-${Date.now()}-${n++}`;
    void deliver(house, house.account, house.secret, [
      {
        remoteId,
        threadId: house.thread,
        kind: "comment",
        at: new Date().toISOString(),
        text: `Is anybody there? I have asked ${n} times now.`,
        from: { remoteId: house.contact, name: "Ann Abel", handle: "@ann" },
      },
    ]).catch((error) => console.log(`  ! ${error.message}`));
  }, 1000);
  const over = new Promise((done) =>
    child.once("exit", () => {
      clearInterval(also);
      done(said);
    }),
  );
  return { over, stop: () => child.kill("SIGTERM") };
}
