// Draws the pictures of the installed app from our own sign, public/icon.svg. Run it when that changes:
//   node scripts/icons.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const folder = new URL("../public/", import.meta.url);
const svg = readFileSync(new URL("icon.svg", folder), "utf8");
const blue = "#1663c9";
const bare = svg.replace(/<rect[^>]*\/>/, "");

/** name, size, how much of it the sign takes, what is behind it. */
const pictures = [
  ["icon-192.png", 192, svg, 1, "transparent"],
  ["icon-512.png", 512, svg, 1, "transparent"],
  ["maskable-512.png", 512, bare, 0.76, blue],
  ["apple-touch-icon.png", 180, bare, 0.86, blue],
  ["badge-96.png", 96, bare, 1.2, "transparent"],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
for (const [name, size, sign, part, ground] of pictures) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const sized = sign.replace("<svg ", `<svg width="${size * part}" height="${size * part}" `);
  await page.setContent(
    `<body style="margin:0;width:${size}px;height:${size}px;overflow:hidden;display:flex;align-items:center;justify-content:center;background:${ground}">${sized}`,
  );
  writeFileSync(new URL(name, folder), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
