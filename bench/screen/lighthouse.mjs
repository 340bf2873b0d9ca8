// What Lighthouse says of the screens, as on a desk: performance, accessibility and good practice, each of a hundred.
import lighthouse, { desktopConfig } from "lighthouse";
import { demo, startChromiumAt } from "./house.mjs";
import { freePort, enterAs } from "../../test/ui/lib.mjs";
import { at } from "./sheet.mjs";

const kinds = { performance: "performance", accessibility: "accessibility", "best-practices": "good practice" };
const times = 3; // each screen; the median counts

/** Has Lighthouse look at the sign-in, the inbox and a conversation of the demonstration. */
export async function judge(sheet, end) {
  const house = await demo(end);
  const port = await freePort();
  const context = await startChromiumAt(end, [`--remote-debugging-port=${port}`, "--headless=new"]);
  sheet.note(`Lighthouse, as a desktop and without slowing anything down, the median of ${times}`);
  await look(sheet, port, "sign-in", `${house.address}/signin`);
  const page = await context.newPage();
  await page.goto(house.address);
  await enterAs({ goto: (path) => page.goto(house.address + path), getByRole: page.getByRole.bind(page), waitForURL: page.waitForURL.bind(page) }, /Ada Brandt/);
  const { items } = await (await context.request.get(`${house.address}/api/conversations?view=all&state=open`)).json();
  await page.close();
  await look(sheet, port, "inbox", `${house.address}/inbox/all`);
  await look(sheet, port, "conversation", `${house.address}/inbox/all/${items[0].id}`);
}

async function look(sheet, port, name, url) {
  const seen = [];
  for (let k = 0; k < times; k++) {
    seen.push(await once(url, port).catch(() => once(url, port))); // now and then its page is not there yet when it is asked
  }
  for (const [kind, words] of Object.entries(kinds)) {
    sheet.add(`${name}: ${words}`, Math.round(100 * at(seen.map((l) => l.categories[kind].score), 50)), ">= 95"); // prettier-ignore
    const bad = seen[0].categories[kind].auditRefs.filter((r) => r.weight > 0 && (seen[0].audits[r.id].score ?? 1) < 0.9).map((r) => r.id);
    if (bad.length > 0) {
      sheet.note(`  less than good: ${bad.join(", ")}`);
    }
  }
  const of = (id) => `${Math.round(at(seen.map((l) => l.audits[id].numericValue), 50))} ms`;
  sheet.add(`${name}: largest thing painted; blocked`, `${of("largest-contentful-paint")}; ${of("total-blocking-time")}`);
}

async function once(url, port) {
  return (await lighthouse(url, { port, output: "json", logLevel: "error", onlyCategories: Object.keys(kinds), disableStorageReset: true }, own)).lhr;
}

// This machine's own speed: on loopback there is no line to pretend.
const own = {
  ...desktopConfig,
  settings: { ...desktopConfig.settings, throttlingMethod: "provided" },
};
