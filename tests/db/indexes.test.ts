import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryRows } from "@/server/db";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase("pglite");
});
afterAll(() => opened.close());

test("an index of what is newest is in the order in which lists ask: `order by x desc` cannot use one that has nulls last", async () => {
  const indexes = await opened.database.asOwner((tx) =>
    queryRows<{ definition: string }>(
      tx,
      sql`select indexdef as definition from pg_indexes where schemaname = 'public' and indexdef like '% DESC%'`,
    ),
  );
  expect(indexes.length).toBeGreaterThan(5);
  expect(indexes.filter(({ definition }) => definition.includes("DESC NULLS LAST"))).toEqual([]);
});
