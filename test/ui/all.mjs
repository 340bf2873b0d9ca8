// Runs every journey, two files at a time. The demonstration's fourteen days are lived through once, and every house of it is a copy.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHouse } from "./lib.mjs";

const folder = mkdtempSync(join(tmpdir(), "switchboard-ui-demo-"));
const ends = [];
let code = 1;
try {
  const house = await startHouse({ after: (end) => ends.push(end) }, "demo", { data: folder, flags: ["--no-demo-staff", "--demo-pace=0"] });
  await house.stop();
  const tests = spawn(process.execPath, ["--test", "--test-concurrency=2", "--test-reporter=spec"], {
    stdio: "inherit",
    env: { ...process.env, SWITCHBOARD_DEMO: folder },
  });
  [code] = await once(tests, "exit");
} finally {
  for (const end of ends) {
    await end();
  }
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = code ?? 1;
