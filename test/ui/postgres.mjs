// Databases for the houses of journeys, on the private PostgreSQL of the tests: each house has one of its own.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The address of the cluster; on SQLite there is none. */
const cluster = () => process.env.SWITCHBOARD_POSTGRES;
const databases = new Map(); // by the folder of the house
let made = 0;

/** Starts the private cluster, unless it runs, and returns its address. */
export function startCluster() {
  return execFileSync(fileURLToPath(new URL("../../scripts/postgres", import.meta.url)), ["start"], { encoding: "utf8" }).trim();
}

/**
 * The address of the database of the house in a folder, nothing on SQLite. A house that is started again has the one it had; a
 * new one is empty, or a copy of another that nobody has open.
 */
export function databaseOf(folder, copied) {
  if (cluster() && !databases.has(folder)) {
    const name = `ui_${process.pid}_${++made}`;
    tell(`CREATE DATABASE ${name}${copied ? ` TEMPLATE ${nameIn(copied)}` : ""}`);
    const address = new URL(cluster());
    address.pathname = `/${name}`;
    databases.set(folder, address.href);
  }
  return databases.get(folder);
}

/** Removes the database of the house in a folder. */
export function dropDatabase(folder) {
  const address = databases.get(folder);
  if (address) {
    databases.delete(folder);
    tell(`DROP DATABASE IF EXISTS ${nameIn(address)} WITH (FORCE)`);
  }
}

const nameIn = (address) => new URL(address).pathname.slice(1);

const tell = (statement) => execFileSync("psql", [cluster(), "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--command", statement]);
