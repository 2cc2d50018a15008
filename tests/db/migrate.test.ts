import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { migrateDatabase, openDatabase, queryRows } from "@/server/db";
import { directUrl } from "@/server/db/open-neon";
import { type PostgresServer, startPostgres } from "@/tests/support/postgres-server";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres({ durable: false });
});
afterAll(() => server.stop());

test("processes that migrate a new database at once all succeed, and each migration is applied once", async () => {
  const url = await server.createDatabase("together");
  const databases = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url })));
  await Promise.all(databases.map(migrateDatabase));
  await migrateDatabase(await openedFirst(databases));
  const applied = await (await openedFirst(databases)).asOwner((tx) =>
    queryRows<{ n: number; distinct: number }>(
      tx,
      sql`select count(*)::int as n, count(distinct hash)::int as "distinct" from drizzle.__drizzle_migrations`,
    ),
  );
  expect(applied[0]?.n).toBeGreaterThan(0);
  expect(applied[0]?.distinct).toBe(applied[0]?.n);
  await Promise.all(databases.map((database) => database.close()));
});

test("two new databases of one server migrate at once, though they share the roles", async () => {
  const urls = await Promise.all(["left", "right"].map((name) => server.createDatabase(name)));
  await Promise.all(
    urls.map(async (url) => {
      const database = await openDatabase({ url });
      await migrateDatabase(database);
      await database.close();
    }),
  );
});

test("a database restored on a server without the roles gets them at the next start", async () => {
  const elsewhere = await startPostgres({ durable: false });
  onTestFinished(() => elsewhere.stop());
  const database = await openDatabase({ url: elsewhere.url });
  onTestFinished(() => database.close());
  await database.asOwner(async (tx) => {
    // The journal of a restored dump: everything applied, no role.
    await tx.execute(sql`create schema drizzle`);
    await tx.execute(
      sql`create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
    );
    await tx.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 9999999999999)`);
  });
  await migrateDatabase(database);
  expect(await database.asInbox((tx) => queryRows(tx, sql`select current_user::text as role`))).toEqual([
    { role: "tributary_inbox" },
  ]);
});

test("a user that may not create the roles is told what an administrator must do, and then it works", async () => {
  const elsewhere = await startPostgres({ durable: false });
  onTestFinished(() => elsewhere.stop());
  await administer(elsewhere, "create role plain login");
  await administer(elsewhere, "create database shop owner plain");
  const database = await openDatabase({ url: `postgres://plain@127.0.0.1:${elsewhere.port}/shop` });
  onTestFinished(() => database.close());
  await expect(migrateDatabase(database)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(
      /"?plain"? can neither create nor assume the role tributary_app.*GRANT tributary_app TO "plain"/,
    ),
  });
  for (const role of ["tributary_app", "tributary_inbox"]) {
    await administer(elsewhere, `create role ${role} nologin`);
    await administer(elsewhere, `grant ${role} to plain`);
  }
  await migrateDatabase(database);
});

test.each([
  [
    "postgres://u:p@ep-cool-1-pooler.eu-central-1.aws.neon.tech/d",
    "postgres://u:p@ep-cool-1.eu-central-1.aws.neon.tech/d",
  ],
  ["postgres://u:p@ep-cool-1.eu-central-1.aws.neon.tech/d", "postgres://u:p@ep-cool-1.eu-central-1.aws.neon.tech/d"],
  ["postgres://u:p@127.0.0.1:5433/d", "postgres://u:p@127.0.0.1:5433/d"],
])("migrations of %s go to %s", (url, direct) => {
  expect(directUrl(url)).toBe(direct);
});

async function openedFirst<T>(databases: T[]): Promise<T> {
  const [first] = databases;
  if (!first) throw new Error("no database was opened");
  return first;
}

async function administer(postgres: PostgresServer, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.adminUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}
