import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readDemoState, writeDemoState } from "@/scripts/demo/demo-state";
import { openFolder } from "@/scripts/demo/take-folder";
import { lockFolder } from "@/server/db/folder-lock";

let dataDir: string;
let folder: { dataDir: string; simulatorDir: string };
let said: string[];
const say = (line: string) => said.push(line);

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tributary-folder-"));
  folder = { dataDir, simulatorDir: join(dataDir, "simulator") };
  mkdirSync(folder.simulatorDir);
  said = [];
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const ready = {
  state: "ready" as const,
  operator: { name: "O", email: "o@demo.example", password: "p" },
  affiliate: { name: "A", email: "a@example.com", password: "p" },
  sources: [],
  invitation: { token: "t", subId: "RC-1" },
};

function putDatabase(): void {
  mkdirSync(join(dataDir, "database"));
  writeFileSync(join(dataDir, "database", "PG_VERSION"), "17");
  writeFileSync(join(folder.simulatorDir, "paypal.jsonl"), "");
}

test("an empty folder is to be seeded, and says so until it has been", async () => {
  expect(await openFolder(folder, false, say)).toBe(true);
  expect(readDemoState(dataDir)).toEqual({ state: "seeding" });
  expect(said).toEqual([]);
});

test("a seeded folder is opened as it is", async () => {
  putDatabase();
  writeDemoState(dataDir, ready);
  expect(await openFolder(folder, false, say)).toBe(false);
  expect(existsSync(join(dataDir, "database", "PG_VERSION"))).toBe(true);
  expect(readDemoState(dataDir)).toEqual(ready);
});

test("a seed that was cut off is wiped and begun anew, in words", async () => {
  putDatabase();
  writeDemoState(dataDir, { state: "seeding" });
  expect(await openFolder(folder, false, say)).toBe(true);
  expect(existsSync(join(dataDir, "database"))).toBe(false);
  expect(existsSync(join(folder.simulatorDir, "paypal.jsonl"))).toBe(false);
  expect(said.join()).toContain("cut off");
});

test("a database that the demo did not make is never touched without --reset", async () => {
  putDatabase();
  await expect(openFolder(folder, false, say)).rejects.toThrow(/not the demo's.*--reset/);
  expect(existsSync(join(dataDir, "database", "PG_VERSION"))).toBe(true);
});

test("--reset wipes database and books, and keeps the launcher's own lock", async () => {
  putDatabase();
  writeDemoState(dataDir, ready);
  writeFileSync(join(folder.simulatorDir, "lock"), "{}");
  expect(await openFolder(folder, true, say)).toBe(true);
  expect(existsSync(join(dataDir, "database"))).toBe(false);
  expect(existsSync(join(folder.simulatorDir, "lock"))).toBe(true);
  expect(readDemoState(dataDir)).toEqual({ state: "seeding" });
});

test("a folder whose database somebody has open is refused with the remedy, and not wiped", async () => {
  putDatabase();
  writeDemoState(dataDir, ready);
  const lock = lockFolder(dataDir);
  await expect(openFolder(folder, true, say)).rejects.toThrow(/is in use: process \d+ .*TRIBUTARY_DATA_DIR/);
  lock.release();
  expect(existsSync(join(dataDir, "database", "PG_VERSION"))).toBe(true);
});

test("a state of another version is refused with the remedy", async () => {
  writeFileSync(join(dataDir, "demo.json"), '{"state":"perfect"}');
  await expect(openFolder(folder, false, say)).rejects.toThrow(/another version.*--reset/);
});
