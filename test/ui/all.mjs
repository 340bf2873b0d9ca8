// Runs every journey on SQLite, three files at a time, and then the day of each person once more on PostgreSQL. The demonstration's
// fourteen days are lived through once a database, and every house of it is a copy. "node all.mjs postgres bob.test.mjs" runs one
// file on one database.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startHouse } from "./lib.mjs";
import { dropDatabase, startCluster } from "./postgres.mjs";

/** What each person comes for, from the set-up to the board: these must hold on both databases. */
const persons = ["wizard", "newcomer", "bob", "answer", "answers", "composer", "promise", "post", "policy", "lists", "viewer"].map(
  (name) => `${name}.test.mjs`,
);

const [database, ...named] = process.argv.slice(2);
let code = 0;
if (database !== "postgres") {
  code = await round({}, named);
}
if (code === 0 && database !== "sqlite") {
  code = await round({ SWITCHBOARD_POSTGRES: startCluster() }, named.length ? named : persons);
}
process.exitCode = code;

/** Runs some files, all when none is named, against houses with these settings, and returns how it ended. */
async function round(settings, files) {
  const began = performance.now();
  const on = settings.SWITCHBOARD_POSTGRES ? "PostgreSQL" : "SQLite";
  console.log(`the journeys on ${on}`);
  Object.assign(process.env, settings);
  const folder = mkdtempSync(join(tmpdir(), "switchboard-ui-demo-"));
  const ends = [];
  try {
    const house = await startHouse({ after: (end) => ends.push(end) }, "demo", { data: folder, flags: ["--no-demo-staff", "--demo-pace=0"] });
    await house.stop();
    const tests = spawn(process.execPath, ["--test", "--test-concurrency=3", "--test-reporter=spec", ...files], {
      stdio: "inherit",
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      env: { ...process.env, SWITCHBOARD_DEMO: folder, ...(house.database ? { SWITCHBOARD_DEMO_DATABASE: house.database } : {}) },
    });
    const [code] = await once(tests, "exit");
    return code ?? 1;
  } finally {
    for (const end of ends) {
      await end();
    }
    rmSync(folder, { recursive: true, force: true });
    dropDatabase(folder);
    console.log(`the journeys on ${on} took ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}
