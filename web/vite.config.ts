import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { pretendServer } from "./src/test/vite";
import { shellOfWorker } from "./worker.build";

// `npm run dev` talks to the program at SWITCHBOARD (an address such as http://127.0.0.1:8080) when it is set,
// and to the pretend server with its made-up company otherwise.
const real = process.env["SWITCHBOARD"];

export default defineConfig({
  plugins: [react(), shellOfWorker(), ...(real ? [] : [pretendServer()])],
  resolve: { alias: { "@": path.resolve(import.meta.dirname, "src") } },
  build: {
    target: "es2023",
    manifest: true,
    // Everything comes from our own files: no data: addresses for the content policy to make room for.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: { index: "index.html", sw: "src/worker/worker.ts" },
      // The worker stands at the root, under one name: from there it sees every page.
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        // Placing menus and hints is nothing the first page does: it would else share a file with what it needs.
        codeSplitting: { groups: [{ name: "floating", test: /@floating-ui/, includeDependenciesRecursively: false }] },
      },
    },
  },
  server: { proxy: real ? { "/api": { target: real, changeOrigin: true, headers: { origin: real } } } : {} },
  test: {
    environment: "jsdom",
    setupFiles: ["./vitest.setup.ts"],
    css: false,
    // Left alone it takes one core less than there are: of two, one.
    maxWorkers: "100%",
    testTimeout: 60_000,
    env: { TZ: "UTC" },
  },
});
