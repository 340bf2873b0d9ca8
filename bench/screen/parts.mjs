// The figures, one after the other. Each is given the sheet it writes into and how large to make it.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { signedIn, storm } from "./house.mjs";
import { at, ms, spread } from "./sheet.mjs";

const recorder = readFileSync(fileURLToPath(new URL("recorder.js", import.meta.url)), "utf8");

async function window(browser, house, kept) {
  const context = await signedIn(browser, house, kept);
  await context.addInitScript(recorder);
  return { context, page: await context.newPage() };
}

const figures = (page) => page.evaluate(() => JSON.parse(JSON.stringify(globalThis.figures)));

/** What the first page weighs as it comes over the line, and when its first row can be clicked. */
export async function firstPage(sheet, browser, house, { times }) {
  const key = await signedIn(browser, house);
  const kept = await key.storageState();
  await key.close();
  const ready = [];
  const long = [];
  let weight;
  for (let k = 0; k < times; k++) {
    const { context, page } = await window(browser, house, kept);
    const line = await context.newCDPSession(page);
    await line.send("Network.enable");
    const asked = new Map();
    let still = true;
    line.on("Network.requestWillBeSent", (e) => still && asked.set(e.requestId, { url: e.request.url, bytes: 0, body: 0, at: e.wallTime }));
    line.on("Network.dataReceived", (e) => asked.has(e.requestId) && (asked.get(e.requestId).body += e.encodedDataLength));
    line.on("Network.loadingFinished", (e) => asked.has(e.requestId) && (asked.get(e.requestId).bytes = e.encodedDataLength));
    await page.goto("/inbox/all");
    await page.waitForFunction(() => globalThis.figures.ready !== undefined);
    still = false;
    const seen = await figures(page);
    await sleep(500); // what was asked for before is here now
    const there = (await page.evaluate(() => performance.timeOrigin)) + seen.ready;
    const needed = [...asked.values()].filter((r) => r.at * 1000 < there);
    ready.push(seen.ready);
    long.push(seen.long.filter((t) => t.at < seen.ready).reduce((sum, t) => sum + t.took - 50, 0));
    weight = weigh(needed);
    if (k === 0 && process.env.BLAME) {
      needed.forEach((r) => console.log(`  ? ${String(r.bytes).padStart(8)} ${r.url}`));
    }
    await context.close();
  }
  if (process.env.BLAME) console.log(ready.map(Math.round).join(" "));
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  sheet.add("first page of the inbox as transferred, nothing cached: all asked for until a row can be clicked", kB(weight.body), "< 250 kB");
  sheet.add(`  in ${weight.files} files, with the headers of the answers`, kB(weight.whole));
  sheet.add("  and what it asked the API meanwhile", kB(weight.api));
  sheet.add(`from navigation to a row that can be clicked, ${times} cold starts`, spread(ready), "< 1 s");
  sheet.add("  blocked meanwhile (long tasks, beyond 50 ms each)", spread(long));
}

function weigh(all) {
  const of = (list, what) => list.reduce((sum, r) => sum + r[what], 0);
  const api = (r) => /\/api\//.test(r.url);
  const page = all.filter((r) => !api(r) && r.url.startsWith("http"));
  return { body: of(page, "body"), whole: of(page, "bytes"), files: page.length, api: of(all.filter(api), "bytes") };
}

/** Switching and typing among conversations of many messages, while very much arrives. */
export async function busy(sheet, browser, house, { seconds, rate }) {
  const { context, page } = await window(browser, house);
  house.key = (await (await context.request.post("/api/keys", { data: { name: "storm", scopes: ["read"] }, headers: { Origin: house.address } })).json()).secret;
  for (const windy of [false, true]) {
    const weather = windy ? storm(house, { rate, seconds: Math.round(seconds * 1.2 + 20) }) : undefined;
    const aWhile = () => Date.now() + (seconds * 1000) / 3;
    const words = windy ? `, ${rate} messages a second arriving` : "";
    await page.goto("/inbox/mine");
    await page.waitForFunction(() => globalThis.figures.ready !== undefined);
    await sleep(2000); // the rest of the page is read, and what arrives arrives
    await reset(page);
    await step(page, aWhile());
    const stepped = await figures(page);
    sheet.add(`switching to the next conversation of ${house.messages}${words} (${stepped.switches.length} times)`, spread(stepped.switches.map((s) => s.took)), "p95 < 100 ms");
    sheet.add("  longest task meanwhile", longest(stepped));
    blame(stepped);
    await reset(page);
    await hop(page, aWhile());
    const hopped = await figures(page);
    sheet.add(`switching by click to one that was not read ahead${words} (${hopped.switches.length} times)`, spread(hopped.switches.map((s) => s.took)), "p95 < 100 ms");
    blame(hopped);
    await hop(page, aWhile(), 150);
    const meant = await figures(page);
    sheet.add(`switching by click, the mouse on it for 150 ms before${words} (${meant.switches.length} times)`, spread(meant.switches.map((s) => s.took)), "p95 < 100 ms");
    blame(meant);
    await page.goto(`/inbox/mine/${house.long[0]}`);
    await page.locator("article [data-direction]").first().waitFor();
    await page.keyboard.press("r");
    const box = page.locator("article textarea").first();
    await box.click();
    await sleep(1500);
    await reset(page);
    await type(page, aWhile());
    const typed = await figures(page);
    if (typed.keys.length === 0) throw new Error("nothing could be written in the composer");
    sheet.add(`key to paint in the composer, ${house.messages} messages above it${words} (${typed.keys.length} keys)`, spread(typed.keys), "p95 < 50 ms");
    sheet.add("  longest task meanwhile; how many over 50 ms", `${longest(typed)}; ${typed.long.filter((t) => t.took > 50).length}`, "none over 50 ms");
    blame(typed);
    await box.fill("");
    await page.keyboard.press("Escape");
    await page.locator("body").click({ position: { x: 700, y: 5 } });
    if (weather) {
      const said = await weather.over;
      sheet.note(said.split("\n").filter((l) => l.trim()).slice(-4).map((l) => `  the storm: ${l}`).join("\n"));
    }
  }
  await context.close();
}

const longest = ({ long }) => (long.length ? ms(Math.max(...long.map((t) => t.took))) : "none over 50 ms");

/** Says, for who looks for the reason, what took long. */
function blame({ blame }) {
  for (const b of blame.sort((x, y) => y.took - x.took).slice(0, Number(process.env.BLAME ?? 0))) {
    console.log(`  ? ${ms(b.took)}, of it rendering ${ms(b.render)}, layout ${ms(b.layout)}: ${b.scripts.join(" | ")}`);
  }
}

const reset = (page) =>
  page.evaluate(() => {
    Object.assign(globalThis.figures, { keys: [], switches: [], long: [], blame: [] });
  });

async function step(page, until) {
  for (let k = 0; Date.now() < until; k++) {
    await page.keyboard.press(k % 30 < 15 ? "j" : "k");
    await sleep(600); // as one looks; the next is read ahead meanwhile
  }
}

async function hop(page, until, lies = 0) {
  await page.goto("/inbox/mine");
  await page.reload(); // nothing is kept from before
  await page.waitForFunction(() => globalThis.figures.ready !== undefined);
  await sleep(2000);
  await reset(page);
  for (let k = 0; Date.now() < until; k++) {
    const rows = page.locator("[data-conversation]");
    const n = await rows.count();
    const row = rows.nth((k * 3) % Math.min(n, 8));
    if (lies > 0) {
      await row.hover();
      await sleep(lies);
    }
    await row.click();
    await sleep(500);
  }
}

const sentence = "We are sorry to hear that, and have asked the workshop when the part comes. You will hear from us. ";

async function type(page, until) {
  for (let k = 0; Date.now() < until; k = (k + 1) % sentence.length) {
    await page.keyboard.press(sentence[k] === " " ? "Space" : sentence[k]);
    await sleep(70);
  }
}

/** Scrolling through the whole inbox, down and up again. */
export async function scroll(sheet, browser, house, { seconds }) {
  const { context, page } = await window(browser, house);
  await page.goto("/inbox/all");
  await page.waitForFunction(() => globalThis.figures.ready !== undefined);
  await sleep(1500);
  const line = await context.newCDPSession(page);
  const box = await page.locator("[data-conversation]").nth(3).boundingBox();
  for (const [speed, words] of [[1500, "as one reads"], [6000, "as one looks for something"]]) {
    await reset(page);
    await browser.startTracing(page, { categories: ["cc", "benchmark", "disabled-by-default-devtools.timeline.frame"] });
    await page.evaluate(() => globalThis.figures.watchFrames());
    for (const way of [-1, 1]) {
      await line.send("Input.synthesizeScrollGesture", { x: box.x + 60, y: box.y, yDistance: way * speed * (seconds / 2), speed, gestureSourceType: "mouse", preventFling: true }); // prettier-ignore
    }
    await page.evaluate(() => globalThis.figures.stopFrames());
    const trace = JSON.parse((await browser.stopTracing()).toString("utf8"));
    const seen = await figures(page);
    const gaps = seen.frames.slice(1).map((t, k) => t - seen.frames[k]);
    const late = gaps.filter((g) => g > 17.7).length;
    sheet.add(`scrolling ${house.conversations.toLocaleString("en")} rows at ${speed} px/s, ${words}: frames a second`, ((gaps.length * 1000) / gaps.reduce((a, b) => a + b, 0)).toFixed(1), "60");
    sheet.add("  frames that took longer than 16.7 ms (a millisecond allowed for)", `${share(late, gaps.length)}, p99 ${ms(at(gaps, 99))}`);
    sheet.add("  frames dropped, by the tracing of Chromium", dropped(trace));
    sheet.add("  longest task meanwhile", longest(seen));
    blame(seen);
  }
  await context.close();
}

const share = (n, all) => `${((100 * n) / Math.max(all, 1)).toFixed(1)} % of ${all}`;

/** Of the frames that something should have moved in, how many were not there in time. */
function dropped(trace) {
  const states = new Map();
  for (const e of trace.traceEvents) {
    const reporter = e.name === "PipelineReporter" && (e.args?.chrome_frame_reporter ?? e.args?.frame_reporter);
    const state = reporter && reporter.state;
    if (state) {
      states.set(state, (states.get(state) ?? 0) + 1);
    }
  }
  const all = [...states].filter(([s]) => s !== "STATE_NO_UPDATE_DESIRED").reduce((sum, [, n]) => sum + n, 0);
  return share(states.get("STATE_DROPPED") ?? 0, all);
}
