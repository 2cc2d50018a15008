import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { request } from "./paypal-client";

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function simulate(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", "simulator/cli.ts", ...args]);
  cleanUps.push(() => child.kill("SIGKILL"));
  return child;
}

async function outcome(child: ChildProcess) {
  let text = "";
  child.stdout?.on("data", (part) => (text += part));
  child.stderr?.on("data", (part) => (text += part));
  const [code, signal] = await once(child, "close");
  return { code, signal, text };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [part] = child.stdout ? await once(child.stdout, "data") : [""];
  return String(part);
}

async function postbacks() {
  const seen: string[] = [];
  const server = createServer((incoming, response) => {
    seen.push(incoming.url ?? "");
    incoming.resume();
    response.end(JSON.stringify({ result: "accepted" }));
  });
  cleanUps.push(() => server.close().closeAllConnections());
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/postbacks/tok`, seen };
}

test.each([
  [["--help"], 0, "npm run simulate -- network --url"],
  [[], 1, "npm run simulate -- paypal"],
  [["frogs"], 1, 'there is no command "frogs"'],
  [["network", "--dialect", "generic"], 1, "at url"],
  [["network", "--url", "http://127.0.0.1:1/", "--dialect", "klingon"], 1, "at dialect"],
  [["network", "--url", "http://127.0.0.1:1/", "--dialect", "awin", "--rate", "fast"], 1, "at rate"],
  [["paypal", "--port", "99999999"], 1, "at port"],
  [["paypal", "--faults", "{oops"], 1, "--faults is not JSON"],
  [["paypal", "--colour", "red"], 1, "--colour"],
  [["all"], 1, "--config FILE is missing"],
  [["all", "--config", "/no/such/file"], 1, "cannot be read"],
])("%j ends with %i and says %s", async (args, code, words) => {
  const ended = await outcome(simulate(...args));
  expect(ended.text).toContain(words);
  expect(ended.code).toBe(code);
});

test("network fires its conversions, prints what came of them and ends", async () => {
  const { url, seen } = await postbacks();
  const child = simulate(
    "network",
    "--url",
    url,
    "--dialect",
    "generic",
    "--count",
    "5",
    "--rate",
    "500",
    "--seed",
    "3",
  );
  const { code, text } = await outcome(child);
  const summary = JSON.parse(text.trim().split("\n").at(-1) ?? "");
  expect(code).toBe(0);
  expect(summary.results).toEqual({ accepted: seen.length });
});

test("all runs a PayPal and networks from one file until it is told to end", async () => {
  const { url, seen } = await postbacks();
  const folder = mkdtempSync(join(tmpdir(), "simulator-all-"));
  cleanUps.push(() => rmSync(folder, { recursive: true }));
  const config = join(folder, "simulator.json");
  const networks = [
    { name: "one", url, dialect: "generic", rate: 200, method: "GET" },
    { name: "two", url, dialect: "awin", rate: 200 },
  ];
  writeFileSync(config, JSON.stringify({ paypal: { port: 0, books: join(folder, "books.jsonl") }, networks }));
  const child = simulate("all", "--config", config);
  const ended = outcome(child);
  const paypal = /url=(\S+)/.exec(await firstLine(child))?.[1];
  expect((await request(`${paypal}/control/health`)).body).toMatchObject({ ok: true });
  await expect.poll(() => seen.length, { timeout: 30_000 }).toBeGreaterThan(3);
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0, signal: null });
});

test("with --with-parent it ends when its parent's pipe closes, though it was never signalled", async () => {
  const child = simulate("paypal", "--port", "0", "--with-parent");
  const ended = outcome(child);
  expect(await firstLine(child)).toContain("paypal ready");
  child.stdin?.destroy();
  expect(await ended).toMatchObject({ code: 0, signal: null });
});

test("with --with-parent it ends when its parent is killed and no pipe tells it so", async () => {
  const args = JSON.stringify(["--import", "tsx", "simulator/cli.ts", "paypal", "--port", "0", "--with-parent"]);
  const script = `const child = require("node:child_process").spawn(process.execPath, ${args}, { stdio: ["ignore", "inherit", "inherit"] }); console.log("pid=" + child.pid);`;
  const parent = spawn(process.execPath, ["-e", script]);
  let text = "";
  parent.stdout.on("data", (part) => (text += part));
  await expect.poll(() => text, { timeout: 30_000 }).toContain("paypal ready");
  const pid = Number(/pid=(\d+)/.exec(text)?.[1]);
  cleanUps.push(() => isAlive(pid) && process.kill(pid, "SIGKILL"));
  parent.kill("SIGKILL");
  await expect.poll(() => isAlive(pid), { timeout: 30_000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
