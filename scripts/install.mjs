// Plain Node and no package: this runs before there are any.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NODE_OLDEST = [20, 19];
const STAMP = "node_modules/.tributary-installed";

/** Makes node_modules what package-lock.json says for this machine: nothing when it is, `npm ci` when it is missing, came from another
 *  lock or another platform (a folder shared with a container) or was left half done. Ends the process in words when Node is too old or
 *  npm fails. */
export function install() {
  refuseOldNode();
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  const lock = readFileSync("package-lock.json");
  const machine = { os: process.platform, cpu: process.arch, libc: libcHere() };
  const stamp = `${createHash("sha256").update(lock).digest("hex")} ${Object.values(machine).join("-")}`;
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp) return;
  if (!isInstalledByHand(JSON.parse(lock.toString()), machine)) {
    console.log("Installing packages from package-lock.json (under a minute on most machines) …");
    const started = Date.now();
    npmCi();
    console.log(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  }
  writeFileSync(STAMP, stamp);
}

/** Whether what is installed is what the lock says for a machine. Native packages of other machines may be missing. So may optional ones
 *  that say nothing of machines: some are wanted by those alone. */
export function isComplete(lock, installed, machine) {
  const isAsLocked = (name) => installed[name].version === lock[name]?.version;
  const isNeeded = (name) => name !== "" && (!lock[name].optional || isNativeTo(lock[name], machine));
  return (
    Object.keys(installed).every(isAsLocked) && Object.keys(lock).every((name) => name in installed || !isNeeded(name))
  );
}

/** Whether a package names machines, and this one among them. */
function isNativeTo(wanted, machine) {
  const named = ["os", "cpu", "libc"].filter((what) => wanted[what] !== undefined);
  return named.length > 0 && named.every((what) => wanted[what].includes(machine[what]));
}

/** What native packages for Linux are linked with; elsewhere there is no choice. */
function libcHere() {
  if (process.platform !== "linux") return "any";
  // Names the hosts of all open connections otherwise, and asks for them.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime === undefined ? "musl" : "glibc";
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NODE_OLDEST[0] || (major === NODE_OLDEST[0] && minor >= NODE_OLDEST[1])) return;
  console.error(`Tributary needs Node ${NODE_OLDEST.join(".")} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** npm writes down what it installed, last of all. */
function isInstalledByHand(lock, machine) {
  const path = "node_modules/.package-lock.json";
  return existsSync(path) && isComplete(lock.packages, JSON.parse(readFileSync(path, "utf8")).packages, machine);
}

function npmCi() {
  // NODE_ENV=production would leave out what builds and tests.
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  // Of pnpm and yarn too when one of them runs this script, and those have no `ci`.
  const npm = process.env.npm_execpath;
  const { status } = npm?.endsWith("npm-cli.js")
    ? spawnSync(process.execPath, [npm, ...args], { stdio: "inherit" })
    : spawnSync("npm", args, { stdio: "inherit", shell: process.platform === "win32" });
  if (status === 0) return;
  console.error("npm ci failed (above). Is the npm registry reachable?");
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install();
