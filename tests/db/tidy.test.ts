import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryRows } from "@/server/db";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase("pglite");
});
afterAll(() => opened.close());

const countedRows = async () => {
  const [row] = await opened.database.asOwner((tx) =>
    queryRows<{ rows: number }>(tx, sql`select reltuples::int as rows from pg_class where relname = 'organizations'`),
  );
  return row?.rows;
};

test("PGlite's planner learns how large a large table is when it is tidied, also beside other work", async () => {
  await opened.database.asOwner((tx) =>
    tx.execute(
      sql`insert into organizations (id, name, created_at) select 'org_tidy_' || n, 'Tidy', now() from generate_series(1, 10000) n`,
    ),
  );
  const before = await countedRows();
  const beside = opened.database.asOwner((tx) => queryRows(tx, sql`select 1`));
  await opened.database.tidy();
  await beside;
  expect(before).not.toBe(await countedRows());
  expect(await countedRows()).toBeGreaterThanOrEqual(10_000);
});
