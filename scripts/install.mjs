// Plain Node and no package: this runs before there are any.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NODE_OLDEST = [20, 19];
const STAMP = "node_modules/.tributary-installed";

/** Makes node_modules what package-lock.json says: nothing when it is, `npm ci` when it is missing, came from another lock or
 *  was left half done. Ends the process in words when Node is too old or npm fails. */
export function install() {
  refuseOldNode();
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  const lock = readFileSync("package-lock.json");
  const hash = createHash("sha256").update(lock).digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  if (!isInstalledByHand(JSON.parse(lock.toString()))) {
    console.log("Installing packages from package-lock.json (under a minute on most machines) …");
    const started = Date.now();
    npmCi();
    console.log(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  }
  writeFileSync(STAMP, hash);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NODE_OLDEST[0] || (major === NODE_OLDEST[0] && minor >= NODE_OLDEST[1])) return;
  console.error(`Tributary needs Node ${NODE_OLDEST.join(".")} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** npm writes down what it installed, last of all. Packages for other platforms are missing from it, and are optional. */
function isInstalledByHand(lock) {
  const path = "node_modules/.package-lock.json";
  if (!existsSync(path)) return false;
  const installed = JSON.parse(readFileSync(path, "utf8")).packages;
  const isAsLocked = (name) => installed[name].version === lock.packages[name]?.version;
  const isThere = (name) => name === "" || name in installed || lock.packages[name].optional;
  return Object.keys(installed).every(isAsLocked) && Object.keys(lock.packages).every(isThere);
}

function npmCi() {
  // NODE_ENV=production would leave out what builds and tests.
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  const { status } = npm?.endsWith("js")
    ? spawnSync(process.execPath, [npm, ...args], { stdio: "inherit" })
    : spawnSync("npm", args, { stdio: "inherit", shell: process.platform === "win32" });
  if (status === 0) return;
  console.error("npm ci failed (above). Is the npm registry reachable?");
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install();
