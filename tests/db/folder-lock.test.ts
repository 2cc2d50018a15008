import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase, queryRows } from "@/server/db";
import { lockFolder } from "@/server/db/folder-lock";

let folder: string;
let started: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-lock-"));
  started = [];
});
afterEach(async () => {
  for (const child of started) await killed(child);
  rmSync(folder, { recursive: true });
});

test("a second process is refused with the folder, the pid and what to do", async () => {
  const first = await starter();
  expect(first.said).toBe("locked");
  const second = await starter();
  expect(second.said).toBe(
    `conflict: another Tributary process (pid ${first.child.pid}) has ${folder} open: stop it first`,
  );
});

test("the lock of a process killed with -9 counts for nothing", async () => {
  const first = await starter();
  await killed(first.child);
  expect(readdirSync(folder)).toEqual(["lock"]);
  expect((await starter()).said).toBe("locked");
});

test("the lock of a process that ended by itself is gone", async () => {
  const first = await starter();
  first.child.stdin?.end();
  await new Promise((resolve) => first.child.once("exit", resolve));
  expect(readdirSync(folder)).toEqual([]);
});

test("a process id that now belongs to another process counts for nothing", () => {
  writeFileSync(join(folder, "lock"), JSON.stringify({ pid: process.ppid, startedAt: "1", nonce: "old" }));
  lockFolder(folder).release();
});

test("a lock left under our own process id by an earlier process counts for nothing", () => {
  const lock = lockFolder(folder);
  const left = readFileSync(join(folder, "lock"));
  lock.release();
  writeFileSync(join(folder, "lock"), left);
  lockFolder(folder).release();
});

test("one process does not lock a folder twice", () => {
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(/this process .* already has/);
  lock.release();
  lockFolder(folder).release();
});

test("of five starters over a stale lock exactly one wins, each of a hundred times, and nothing but its lock remains", async () => {
  const five = await Promise.all(Array.from({ length: 5 }, ready));
  for (let round = 0; round < 100; round++) {
    const stale = join(folder, `round-${round}`);
    mkdirSync(stale);
    // Process ids end at 2 ** 22.
    const dead = { pid: 2 ** 22 + 1, startedAt: "1", nonce: "dead" };
    writeFileSync(join(stale, "lock"), JSON.stringify(dead));
    // Every other time left behind by a starter that was killed in the middle of taking over.
    if (round % 2) writeFileSync(join(stale, "lock.after-dead"), JSON.stringify({ ...dead, nonce: "middle" }));
    const answers = await Promise.all(five.map(({ go }) => go(stale)));
    expect(answers.filter((said) => said === "locked")).toHaveLength(1);
    expect(answers.filter((said) => said.startsWith("conflict: another Tributary process"))).toHaveLength(4);
    expect(readdirSync(stale)).toEqual(["lock"]);
  }
});

test("an open PGlite holds the lock of its folder until it is closed", async () => {
  const database = await openDatabase({ dataDir: folder });
  expect((await starter()).said).toMatch(new RegExp(`^conflict: .*pid ${process.pid}`));
  await database.close();
  expect((await starter()).said).toBe("locked");
});

test("what a transaction on PGlite committed is there after kill -9", async () => {
  const child = run(`
    import { sql } from "drizzle-orm";
    import { openDatabase, queryRows } from "@/server/db";
    const database = await openDatabase({ dataDir: ${JSON.stringify(folder)} });
    await database.asOwner((tx) => tx.execute(sql\`create table kept as select 7 as mark\`));
    console.log("committed");
  `);
  expect(await nextLine(child)).toBe("committed");
  await killed(child);
  const database = await openDatabase({ dataDir: folder });
  expect(await database.asOwner((tx) => queryRows(tx, sql`select mark from kept`))).toEqual([{ mark: 7 }]);
  await database.close();
});

/** A real process that locks a folder when told to, says what came of it, and ends when its input does. */
async function ready(): Promise<{ child: ChildProcess; go(path: string): Promise<string> }> {
  const child = run(`
    import { lockFolder } from "@/server/db/folder-lock";
    console.log("ready");
    process.stdin.on("data", (path) => {
      try { lockFolder(path.toString().trim()); console.log("locked"); }
      catch (error) { console.log(error.code + ": " + error.message); }
    });
  `);
  await nextLine(child);
  return {
    child,
    go: (path) => {
      child.stdin?.write(`${path}\n`);
      return nextLine(child);
    },
  };
}

function run(script: string): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(child);
  return child;
}

async function starter(): Promise<{ child: ChildProcess; said: string }> {
  const { child, go } = await ready();
  return { child, said: await go(folder) };
}

function nextLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.stdout?.once("data", (bytes: Buffer) => resolve(bytes.toString().trim())));
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}
