// What a browser loads to show the inbox the first time, gzipped: fails above the figure in the design.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const most = 250_000;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));
const files = new Set(["index.html", "theme.js"]);

function take(key, seen = new Set()) {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  files.add(chunk.file);
  (chunk.css ?? []).forEach((f) => files.add(f));
  (chunk.imports ?? []).forEach((k) => take(k, seen));
}
take("index.html");
take("src/app/pages/inbox.tsx");

let sum = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
  sum += size;
  console.log(String(size).padStart(8), file);
}
console.log(String(sum).padStart(8), `first page, gzip (at most ${most})`);
process.exit(sum > most ? 1 : 0);
