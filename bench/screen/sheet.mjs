// A result file of bench/results, as package figure writes them for the benchmarks in Go.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";

const results = fileURLToPath(new URL("../results/", import.meta.url));

export class Sheet {
  #lines = [];

  constructor(name, command, browser) {
    Object.assign(this, { name, command, browser });
  }

  /** A line: what was measured, what it came to, what it should be. */
  add(what, got, target = "") {
    this.#lines.push(`${what.padEnd(74)} ${String(got).padEnd(26)} ${target}`.trimEnd());
    console.log(this.#lines.at(-1));
  }

  note(words) {
    this.#lines.push(words);
    console.log(words);
  }

  write() {
    const [load] = loadavg();
    const machine = `${cpu()}, ${cpus().length} cores, ${process.platform}/${process.arch}, node ${process.version}, ${this.browser}, load ${load.toFixed(2)} at the end, ${new Date().toISOString().slice(0, 10)}`;
    mkdirSync(results, { recursive: true });
    writeFileSync(`${results}${this.name}.txt`, `# ${this.name}\n# again: ${this.command}\n# ${machine}\n\n${this.#lines.join("\n")}\n`);
  }
}

function cpu() {
  return /^model name\s*:\s*(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "cpu unknown";
}

/** The p-th percentile. */
export function at(list, p) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor((p / 100) * sorted.length), sorted.length - 1)] ?? NaN;
}

export const ms = (x) => (Number.isNaN(x) ? "none" : `${x.toFixed(x < 10 ? 1 : 0)} ms`);

export const spread = (list) => `p50 ${ms(at(list, 50))} p95 ${ms(at(list, 95))}`;
