import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { findChromium } from "./tests/support/chromium";

// This file is read again in every worker: what is chosen once travels in the environment.
process.env.E2E_PORT ??= freePort();
process.env.E2E_DATA_DIR ??= temporaryFolder();
const baseURL = `http://localhost:${process.env.E2E_PORT}`;

/** The browser tests run against the demo itself, on data of its own. */
export default defineConfig({
  testDir: "tests/e2e",
  // One database and one simulator: tests would see each other's money.
  workers: 1,
  timeout: 60_000,
  forbidOnly: true,
  outputDir: "test-results",
  use: { baseURL, launchOptions: findChromium(), trace: "retain-on-failure", screenshot: "only-on-failure" },
  webServer: {
    command: "node scripts/demo.mjs",
    url: `${baseURL}/api/ready`,
    env: { PORT: process.env.E2E_PORT, TRIBUTARY_DATA_DIR: process.env.E2E_DATA_DIR },
    timeout: 180_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
    stdout: "ignore",
    stderr: "pipe",
  },
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tributary-e2e-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function freePort(): string {
  const script = `const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })`;
  return execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();
}
