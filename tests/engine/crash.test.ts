import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestDatabase } from "@/tests/support/database";

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-crash-"));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

test("kill -9 in the middle of a step, on Postgres: finished steps do not run again, the interrupted one does", {
  timeout: 90_000,
}, async () => {
  const { url, close } = await openTestDatabase("postgres");
  await killInStepTwo(url ?? "");
  await close();
});

test("kill -9 in the middle of a step, on a PGlite folder: the same", { timeout: 90_000 }, async () => {
  await killInStepTwo(join(folder, "data"));
});

async function killInStepTwo(place: string): Promise<void> {
  const first = startChild(place, "first");
  await first.said("two");
  first.child.kill("SIGKILL");
  await first.exited;
  const second = startChild(place, "second");
  await second.said("ended");
  expect(readFileSync(traceFile(), "utf8").trim().split("\n")).toEqual(["one", "two", "two", "three"]);
}

function traceFile(): string {
  return join(folder, "trace");
}

function startChild(place: string, life: "first" | "second") {
  const script = "tests/engine/crash-child.ts";
  const child = spawn(process.execPath, ["--import", "tsx", script, place, traceFile(), life], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let output = "";
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const lines = createInterface(child.stdout);
  const exited = new Promise<void>((resolve) => void child.on("exit", () => resolve()));
  return {
    child,
    exited,
    /** Resolves when the child prints this line; rejects when it exits before. */
    said: (wanted: string) =>
      new Promise<void>((resolve, reject) => {
        lines.on("line", (line) => {
          output += `${line}\n`;
          if (line === wanted) resolve();
        });
        child.on("exit", () => reject(new Error(`the child exited before it said "${wanted}":\n${output}`)));
      }),
  };
}
