import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** Files of the page that stand in public/ and are wanted without a connection. */
const still = ["theme.js", "icon.svg", "icon-192.png", "manifest.webmanifest"];

/**
 * Tells the service worker which files the page has: their names change with what is in them, and so does the worker,
 * which is how a browser learns that there is a newer page.
 */
export function shellOfWorker(): Plugin {
  return {
    name: "shell-of-worker",
    apply: "build",
    enforce: "post", // after what drops files that turn out to be empty
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const worker = bundle["sw.js"];
        if (worker?.type !== "chunk") {
          throw new Error("the service worker is not built");
        }
        const files = [...Object.keys(bundle).filter((f) => f.startsWith("assets/")), ...still].sort();
        const hash = createHash("sha256").update(files.join("\n"));
        for (const f of still) {
          hash.update(readFileSync(new URL(`public/${f}`, import.meta.url)));
        }
        const shell = { version: hash.digest("hex").slice(0, 12), files: files.map((f) => `/${f}`) };
        worker.code = `self.shell=${JSON.stringify(shell)};\n${worker.code}`;
      },
    },
  };
}
