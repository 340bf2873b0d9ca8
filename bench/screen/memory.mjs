// What a tab holds after many minutes of the demonstration, in which somebody works.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { signedIn } from "./house.mjs";
import { enterAs } from "../../test/ui/lib.mjs";

/** Lives a day of the demonstration for so many minutes, and weighs the tab now and then. */
export async function memory(sheet, browser, house, { minutes }) {
  const context = await signedIn(browser, house, { cookies: [], origins: [] });
  const page = await context.newPage();
  await enterAs(page, /Ada Brandt/);
  const line = await context.newCDPSession(page);
  await line.send("Performance.enable");
  sheet.note(`a tab in which somebody works, in the demonstration, for ${minutes} minutes; weighed after its garbage was collected`);
  sheet.add("at the beginning", await weigh(line, browser));
  for (let minute = 1; minute <= minutes; minute++) {
    await work(page, Date.now() + 60_000);
    if (minute === minutes || (minute & (minute - 1)) === 0) {
      sheet.add(`after ${minute} minute${minute > 1 ? "s" : ""}`, await weigh(line, browser), "< 150 MB");
    }
  }
  await context.close();
}

/** One goes from conversation to conversation, looks into the lists, writes a little, searches. */
async function work(page, until) {
  const views = ["all", "mine", "unowned", "asked", "promised"];
  for (let k = 0; Date.now() < until; k++) {
    await page.goto(`/inbox/${views[k % views.length]}`); // as a link does: the page stays the same when it can
    for (let n = 0; n < 6 && Date.now() < until; n++) {
      await page.keyboard.press("j");
      await sleep(1200);
    }
  }
}

async function weigh(line, browser) {
  await line.send("HeapProfiler.collectGarbage");
  await sleep(300);
  const { metrics } = await line.send("Performance.getMetrics");
  const of = (name) => metrics.find((m) => m.name === name)?.value ?? NaN;
  const whole = await resident(browser);
  return `${mb(of("JSHeapUsedSize"))} of script, ${of("Nodes")} nodes, ${of("JSEventListeners")} listeners; the process ${mb(whole)}`;
}

const mb = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

/** What the largest page process holds for itself. */
async function resident(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const own = processInfo
    .filter((p) => p.type === "renderer")
    .map((p) => {
      const text = readFileSync(`/proc/${p.id}/smaps_rollup`, "utf8");
      return ["Private_Clean", "Private_Dirty"].reduce((sum, name) => sum + 1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0), 0);
    });
  return Math.max(...own);
}
