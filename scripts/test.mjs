// `npm test`: everything, on a fresh clone, needing only Node. `npm test -- browser dead` runs the stages whose names hold one
// of the words. Plain JavaScript, as it installs before it tests.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install } from "./install.mjs";
import { isOurVariable } from "./our-variables.mjs";

/** A stage that hangs is ended and has failed. The slowest took five minutes on a machine with five times its load. */
const STAGE_MS_MAX = 10 * 60_000;

install();

const reports = mkdtempSync(join(tmpdir(), "tributary-test-"));
process.on("exit", () => rmSync(reports, { recursive: true, force: true }));

const stages = [
  ["types", async () => oneCheck(await seriesOf(["next", "typegen"], ["tsc", "--noEmit"]))],
  ["format, lint and import rules", async () => oneCheck(await tool("biome", "check", "."))],
  ["dead code", async () => oneCheck(await tool("knip"))],
  ["unit and flows (PGlite, Postgres, Neon's driver)", vitest],
  ...(await proofStages()),
  // Through the script that writes the stamp: the browser stage takes this very build.
  ["production build", async () => oneCheck(await tool("tsx", "scripts/build.ts"))],
  ["browser", playwright],
];

const total = { passed: 0, failed: 0 };
const failures = [];
const words = process.argv.slice(2);
refuseUnknown(words);
for (const [name, run] of stages.filter(([name]) => !words.length || words.some((word) => name.includes(word)))) {
  process.stdout.write(`▸ ${name} … `);
  const started = Date.now();
  const { passed, failed, failures: told } = await run().catch(crashed);
  total.passed += passed;
  total.failed += failed;
  failures.push(...told.map((text) => `── ${name} ──\n${text.trim()}`));
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${failed ? "✗" : "✓"} ${passed} passed, ${failed} failed (${seconds} s)`);
}
if (failures.length) console.log(`\nFAILURES\n\n${failures.join("\n\n")}\n`);
process.exitCode = total.failed ? 1 : 0;
// A skipped test counts as failed: what was not tried is not known to work.
console.log(`${total.passed} passed, ${total.failed} failed, 0 skipped`);

/** A word that no stage's name holds would test nothing, and pass. */
function refuseUnknown(asked) {
  const unknown = asked.filter((word) => !stages.some(([name]) => name.includes(word)));
  if (unknown.length === 0) return;
  const names = stages.map(([name]) => `  ${name}`).join("\n");
  console.error(`No stage has "${unknown.join('", "')}" in its name. The stages are:\n${names}`);
  process.exit(2);
}

/** A stage that is one check: its tool ended well or not. */
function oneCheck({ code, output }) {
  return code === 0 ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [output] };
}

function crashed(error) {
  return { passed: 0, failed: 1, failures: [error instanceof Error ? error.message : String(error)] };
}

async function vitest() {
  const file = join(reports, "vitest.json");
  const ran = await tool("vitest", "run", "--reporter=default", "--reporter=json", `--outputFile=${file}`);
  const report = readReport(file, ran);
  const tests = report.testResults.flatMap((suite) => {
    // A file that did not load has failed without a single test.
    if (suite.status === "failed" && !suite.assertionResults.some(({ status }) => status === "failed")) {
      return [{ status: "failed", text: `${suite.name}\n${suite.message}` }, ...suite.assertionResults];
    }
    return suite.assertionResults.map((test) => ({
      status: test.status,
      text: `${suite.name}\n${test.fullName}\n${test.failureMessages?.join("\n") || test.status}`,
    }));
  });
  return counted(
    tests.map(({ status, text }) => ({ isPassed: status === "passed", text })),
    ran,
  );
}

async function playwright() {
  const file = join(reports, "playwright.json");
  const ran = await tool("playwright", "test", "--reporter=json", { PLAYWRIGHT_JSON_OUTPUT_NAME: file });
  const report = readReport(file, ran);
  const tests = report.suites.flatMap((suite) => browserTests(suite, suite.title));
  const problems = report.errors.map(({ message, stack }) => ({ isPassed: false, text: stack ?? message ?? "" }));
  return counted([...tests, ...problems], ran);
}

function browserTests(suite, path) {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({
      isPassed: test.status === "expected",
      text: `${path} › ${spec.title} [${test.projectName}] ${test.status}\n${errorsOf(test)}`,
    })),
  );
  return [...own, ...(suite.suites ?? []).flatMap((inner) => browserTests(inner, `${path} › ${inner.title}`))];
}

function errorsOf(test) {
  return test.results.flatMap(({ errors }) => errors.map(({ message, stack }) => stack ?? message)).join("\n");
}

/** A runner that ended badly while all its tests passed (an unhandled error, a worker that died) has failed once more. */
function counted(tests, { code, output }) {
  const failed = tests.filter(({ isPassed }) => !isPassed).map(({ text }) => text);
  if (tests.length === 0) failed.push(`no test ran\n${output}`);
  else if (code !== 0 && failed.length === 0)
    failed.push(`every test passed, but the runner ended with ${code}\n${output}`);
  return { passed: tests.filter(({ isPassed }) => isPassed).length, failed: failed.length, failures: failed };
}

function readReport(file, { output }) {
  if (!existsSync(file)) throw new Error(`no report was written:\n${output}`);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** One check per figure, at smoke size; the names come from the registry itself. */
async function proofStages() {
  const { code, output } = await tool("tsx", "tests/proofs/cli.ts", "--list");
  const names = output.split("\n").filter((line) => /^[a-z][a-z-]*$/.test(line));
  if (code !== 0 || names.length === 0) return [["proofs", async () => crashed(`no list of proofs:\n${output}`)]];
  return names.map((name) => [
    `proof ${name}`,
    async () => oneCheck(await tool("tsx", "tests/proofs/cli.ts", name, "--smoke")),
  ]);
}

async function seriesOf(...commands) {
  for (const command of commands) {
    const ran = await tool(...command);
    if (ran.code !== 0) return ran;
  }
  return { code: 0, output: "" };
}

/** Runs a package's command in a process group of its own, so that nothing it started outlives it. Resolves with its exit code
 *  (or signal) and what it said. */
function tool(name, ...rest) {
  const variables = typeof rest.at(-1) === "object" ? rest.pop() : {};
  const child = spawn(process.execPath, [binary(name), ...rest], {
    env: { ...cleanEnvironment(), ...variables },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  const listen = (text) => {
    output = (output + text).slice(-60_000);
  };
  child.stdout.setEncoding("utf8").on("data", listen);
  child.stderr.setEncoding("utf8").on("data", listen);
  const stop = (signal) => {
    endGroup(child, signal);
    process.exit(130);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const limit = setTimeout(() => endGroup(child, "SIGKILL"), STAGE_MS_MAX);
  return new Promise((resolve) => {
    child.once("close", (code, signal) => {
      clearTimeout(limit);
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve({ code: code ?? signal, output });
    });
  });
}

/** Tests need no configuration, so none of the caller's may change what they do. */
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !isOurVariable(name));
  return { ...Object.fromEntries(kept), NEXT_TELEMETRY_DISABLED: "1" };
}

/** The script behind a command of node_modules/.bin: run by this Node, without a shell. */
function binary(name) {
  const home =
    { next: "next", tsc: "typescript", biome: "@biomejs/biome", playwright: "@playwright/test" }[name] ?? name;
  const { bin } = JSON.parse(readFileSync(join("node_modules", home, "package.json"), "utf8"));
  return join("node_modules", home, typeof bin === "string" ? bin : bin[name]);
}

function endGroup(child, signal) {
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}
