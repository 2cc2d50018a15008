import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase, queryRows } from "@/server/db";
import { listOrganizationIds } from "@/server/organizations";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { runScript } from "./run-script";

// The scripts as somebody at a terminal meets them: what they say, how they end and what they leave behind.

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-command-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const example = JSON.parse(readFileSync("docs/setup-example.json", "utf8"));

function fileOf(wanted: unknown): string {
  const path = join(folder, "organization.json");
  writeFileSync(path, JSON.stringify(wanted));
  return path;
}

/** As a person has it: with a password that no command may repeat. */
function variablesOf({ url }: TestDatabase): Record<string, string> {
  return { DATABASE_URL: String(url).replace("tributary@", "tributary:hunter2@") };
}

test("a worker without NODE_ENV is in production: it says what is missing, and does not start on a PGlite of its own", async () => {
  const { code, said } = await runScript("worker.ts", { folder });
  expect(code).toBe(1);
  expect(said).toContain("The worker could not start.");
  expect(said).toContain("DATABASE_URL: missing; required in production");
  expect(said).toContain("APP_SECRET: missing; required in production");
  expect(readdirSync(folder)).toEqual([]);
});

test("verify on a folder without a database fails, names the place and makes nothing", async () => {
  const { code, said } = await runScript("verify.ts", { folder });
  expect(code).toBe(1);
  expect(said).toContain("PGlite in .data holds no database of Tributary");
  expect(readdirSync(folder)).toEqual([]);
});

test("setup does not take PGlite for granted, and refuses --pglite beside DATABASE_URL without showing the password", async () => {
  const path = fileOf(example);
  const alone = await runScript("setup.ts", { folder, args: [path] });
  expect(alone.code).toBe(1);
  expect(alone.said).toContain("set DATABASE_URL, or say --pglite for PGlite in .data");
  expect(existsSync(join(folder, ".data"))).toBe(false);
  const variables = { DATABASE_URL: "postgres://u:hunter2@db.example:6543/payouts" };
  const both = await runScript("setup.ts", { folder, args: [path, "--pglite"], variables });
  expect(both.code).toBe(1);
  expect(both.said).toContain("DATABASE_URL names Postgres db.example:6543/payouts");
  expect(both.said).not.toContain("hunter2");
});

test("setup and verify on PGlite say which folder they work on", { timeout: 300_000 }, async () => {
  mkdirSync(join(folder, "data"));
  const variables = { TRIBUTARY_DATA_DIR: "data" };
  const made = await runScript("setup.ts", { folder, args: [fileOf(example), "--pglite"], variables });
  expect(made).toMatchObject({
    code: 0,
    said: expect.stringContaining('"Riverside Cashback" is set up in PGlite in data'),
  });
  const full = await runScript("verify.ts", { folder, variables });
  expect(full).toMatchObject({ code: 0, said: expect.stringContaining("The books of 1 organizations agree.") });
  const database = await openDatabase({ dataDir: join(folder, "data") });
  expect(await database.asOwner(listOrganizationIds)).toHaveLength(1);
  await database.close();
});

test("verify on a Postgres without an organization, or that holds nothing of ours, fails and leaves it as it was", async () => {
  const opened = await openTestDatabase("postgres");
  try {
    const url = new URL(String(opened.url));
    const empty = await runScript("verify.ts", { folder, variables: variablesOf(opened) });
    expect(empty).toMatchObject({ code: 1, said: expect.stringContaining("has no organization") });
    await opened.database.asOwner((tx) => tx.execute(sql`drop schema public cascade`));
    await opened.database.asOwner((tx) => tx.execute(sql`create schema public`));
    const { code, said } = await runScript("verify.ts", { folder, variables: variablesOf(opened) });
    expect(code).toBe(1);
    expect(said).toContain(`Postgres 127.0.0.1:${url.port}${url.pathname} holds no database of Tributary`);
    expect(said).not.toContain("hunter2");
    const tables = await opened.database.asOwner((tx) =>
      queryRows(tx, sql`select 1 from pg_tables where schemaname = 'public'`),
    );
    expect(tables).toEqual([]);
  } finally {
    await opened.close();
  }
});

test("a setup that fails leaves nothing behind, and the mended file goes through", async () => {
  const opened = await openTestDatabase("postgres");
  const setUp = (wanted: unknown) =>
    runScript("setup.ts", { folder, args: [fileOf(wanted)], variables: variablesOf(opened) });
  try {
    const wrong = structuredClone(example);
    wrong.programs[0].affiliates[0].links[0].source = "No such shop";
    const failed = await setUp(wrong);
    expect(failed).toMatchObject({ code: 1, said: expect.stringContaining('no source named "No such shop"') });
    expect(await leftIn(opened)).toEqual({ organizations: 0, users: 0, memberships: 0 });

    const mended = await setUp(example);
    expect(mended.code).toBe(0);
    expect(mended.said).toMatch(/Sign in at \S+ as robin@example.com with the password \S+/);
    expect(mended.said).toContain("Postback address of Own shop: ");
    expect(mended.said).not.toContain("hunter2");
    expect(await leftIn(opened)).toEqual({ organizations: 1, users: 1, memberships: 1 });

    const again = await setUp({ ...example, organization: "Another" });
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining("robin@example.com is already a user's") });
    expect(await leftIn(opened)).toEqual({ organizations: 1, users: 1, memberships: 1 });
  } finally {
    await opened.close();
  }
});

async function leftIn({ database }: TestDatabase): Promise<Record<string, number>> {
  const [counts] = await database.asOwner((tx) =>
    queryRows<Record<string, number>>(
      tx,
      sql`select (select count(*)::int from organizations) as organizations, (select count(*)::int from users) as users,
                 (select count(*)::int from memberships) as memberships`,
    ),
  );
  return counts ?? {};
}
