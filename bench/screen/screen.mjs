// How quick and how light the screens are: the real program, a real Chromium, a full house.
//
//   node bench/screen/screen.mjs [first busy scroll memory lighthouse]   # all, when none is named
//
// SWITCHBOARD_CONVERSATIONS (100000), SWITCHBOARD_SECONDS (60) and SWITCHBOARD_MINUTES (15) make it smaller or larger;
// BLAME=3 names what took longest. It needs bin/switchboard (make build) and the packages of test/ui and bench/screen.
import { demo, endings, fullHouse, startChromium } from "./house.mjs";
import { busy, firstPage, scroll } from "./parts.mjs";
import { memory } from "./memory.mjs";
import { Sheet } from "./sheet.mjs";

const number = (name, usual) => Number(process.env[name] || usual);
const conversations = number("SWITCHBOARD_CONVERSATIONS", 100_000);
const seconds = number("SWITCHBOARD_SECONDS", 60);
const minutes = number("SWITCHBOARD_MINUTES", 15);
const wanted = process.argv.slice(2);
const wants = (name) => wanted.length === 0 || wanted.includes(name);

const end = endings();
try {
  const browser = await startChromium(end);
  const version = `Chromium ${browser.version()} without a graphics card`;
  const sheet = (name) => new Sheet(`screen-${name}`, `make bench-screen SCREEN=${name}`, version);
  if (wants("first") || wants("busy") || wants("scroll")) {
    const house = { ...(await fullHouse(end, { conversations, long: 20, messages: 500 })), conversations, messages: 500 };
    const all = { first: [firstPage, { times: 10 }], scroll: [scroll, { seconds: Math.min(seconds, 20) }], busy: [busy, { seconds, rate: 50 }] };
    for (const [name, [measure, size]] of Object.entries(all)) {
      if (wants(name)) {
        const s = sheet(name);
        await measure(s, browser, house, size);
        s.write();
      }
    }
    await house.stop();
  }
  if (wants("memory")) {
    const s = sheet("memory");
    await memory(s, end, await demo(end), { minutes });
    s.write();
  }
  if (wants("lighthouse")) {
    const { judge } = await import("./lighthouse.mjs"); // it is only there when it was installed
    const s = sheet("lighthouse");
    await judge(s, end);
    s.write();
  }
} finally {
  await end.end();
}
