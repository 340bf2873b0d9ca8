// What a tab holds after many minutes of the demonstration, in which somebody works.
//
// Chromium is driven by its own pipe, with as little as that needs: who listens to a page's network, as test drivers do, makes
// the page keep what it was answered, a hundred megabytes of it.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromiumArgs } from "./house.mjs";
import { until } from "../../test/ui/lib.mjs";

/** Lives a day of the demonstration for so many minutes, in one tab that is never loaded anew, and weighs it now and then. */
export async function memory(sheet, end, house, { minutes }) {
  const browser = startBare(end);
  const { targetId } = await browser.send("Target.createTarget", { url: `${house.address}/signin` });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const tab = (method, params) => browser.send(method, params, sessionId);
  await until(() => does(tab, `[...document.querySelectorAll("button")].some((b) => b.textContent.includes("Ada Brandt") && (b.click(), true))`), "the sign-in");
  await until(() => does(tab, `[...document.querySelectorAll('a[href^="/inbox/all"]')].some((a) => (a.click(), true))`), "the inbox");
  await until(() => does(tab, `document.querySelectorAll("[data-conversation]").length`, (n) => n > 0), "conversations in it");
  await tab("Performance.enable");
  sheet.note(`a tab in which somebody works, in the demonstration, for ${minutes} minutes, never loaded anew; weighed after its garbage was collected`);
  sheet.add("at the beginning", await weigh(tab, browser));
  for (let minute = 1; minute <= minutes; minute++) {
    await work(tab, Date.now() + 60_000);
    if (minute === minutes || (minute & (minute - 1)) === 0) {
      sheet.add(`after ${minute} minute${minute > 1 ? "s" : ""}`, await weigh(tab, browser), "< 150 MB");
    }
  }
}

/** Chromium without a driver, and a way to tell it what to do: its protocol over a pipe. */
function startBare(end) {
  const folder = mkdtempSync(join(tmpdir(), "switchboard-chromium-"));
  const child = spawn(process.env.CHROMIUM || "/usr/bin/chromium", [...chromiumArgs, "--headless=new", "--remote-debugging-pipe", "--window-size=1440,900", `--user-data-dir=${folder}`], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  end.after(async () => {
    child.kill();
    await new Promise((done) => child.once("exit", done));
    rmSync(folder, { recursive: true, force: true });
  });
  const waiting = new Map();
  let last = 0;
  let rest = "";
  child.stdio[4].setEncoding("utf8").on("data", (text) => {
    const all = (rest + text).split("\0");
    rest = all.pop();
    for (const words of all) {
      const { id, result, error } = JSON.parse(words);
      waiting.get(id)?.(error ? Promise.reject(new Error(error.message)) : result);
      waiting.delete(id);
    }
  });
  return {
    send: (method, params = {}, sessionId = undefined) =>
      new Promise((done) => {
        waiting.set(++last, done);
        child.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
      }),
  };
}

/** What `is` makes of what a script says in the page. */
async function does(tab, expression, is = (value) => value) {
  const answer = await tab("Runtime.evaluate", { expression, returnByValue: true }).catch(() => undefined); // between two pages
  return answer && is(answer.result.value);
}

/** One goes from list to list and from conversation to conversation, and looks at each. */
async function work(tab, until) {
  const views = ["all", "mine", "unowned", "asked", "promised"];
  for (let k = 0; Date.now() < until; k++) {
    await does(tab, `document.querySelector('nav a[href^="/inbox/${views[k % views.length]}"]')?.click()`);
    await sleep(600);
    for (let n = 0; n < 6 && Date.now() < until; n++) {
      for (const type of ["keyDown", "keyUp"]) {
        await tab("Input.dispatchKeyEvent", { type, key: "j", code: "KeyJ", text: type === "keyDown" ? "j" : undefined, windowsVirtualKeyCode: 74 });
      }
      await sleep(1200);
    }
  }
}

async function weigh(tab, browser) {
  await tab("HeapProfiler.collectGarbage");
  await sleep(300);
  const { metrics } = await tab("Performance.getMetrics");
  const of = (name) => metrics.find((m) => m.name === name)?.value ?? NaN;
  return `${mb(of("JSHeapUsedSize"))} of script, ${of("Nodes")} nodes, ${of("JSEventListeners")} listeners; the process ${mb(await resident(browser))}`;
}

const mb = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

/** What the largest page process holds for itself. */
async function resident(browser) {
  const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
  const own = processInfo
    .filter((p) => p.type === "renderer")
    .map((p) => {
      const text = readFileSync(`/proc/${p.id}/smaps_rollup`, "utf8");
      return ["Private_Clean", "Private_Dirty"].reduce((sum, name) => sum + 1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0), 0);
    });
  return Math.max(...own);
}
