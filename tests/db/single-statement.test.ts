import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queryRows, type Tx } from "@/server/db";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

describe.each(["pglite", "postgres", "neon"] as const)("a transaction of one statement on %s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    // One connection: what a transaction leaves on it, the next one meets.
    opened = await openTestDatabase(kind, { poolSize: 1 });
  });
  afterAll(() => opened.close());

  const insert = (tx: Tx, key: string) =>
    queryRows<{ role: string; key: string }>(
      tx,
      sql`insert into delivery_heads (org_id, source_id, dedupe_key, fingerprint, delivery_id, updated_at)
          values ('org_1', 'src_1', ${key}, 'f', 'dlv_1', now()) returning current_user::text as role, dedupe_key as key`,
    );
  const keys = async () => {
    const rows = await opened.database.inOrganization("org_1", (tx) =>
      queryRows<{ key: string }>(tx, sql`select dedupe_key as key from delivery_heads order by 1`),
    );
    return rows.map((row) => row.key);
  };

  test("is committed when it answers, and runs as the inbox only until then", async () => {
    expect(await opened.database.asInboxOnce((tx) => insert(tx, "a'\\"))).toEqual([
      { role: "tributary_inbox", key: "a'\\" },
    ]);
    expect(await keys()).toEqual(["a'\\"]);
    const [owner] = await opened.database.asOwner((tx) =>
      queryRows<{ role: string; org: string | null }>(
        tx,
        sql`select current_user::text as role, current_setting('app.org_id', true) as org`,
      ),
    );
    expect(owner?.role).not.toBe("tributary_inbox");
  });

  test("stores nothing when it fails, says why, and leaves the connection usable", async () => {
    const twice = opened.database.asInboxOnce((tx) => insert(tx, "a'\\"));
    await expect(twice).rejects.toMatchObject({ cause: { code: "23505" } });
    expect(await opened.database.asInboxOnce((tx) => insert(tx, "b"))).toHaveLength(1);
    expect(await keys()).toEqual(["a'\\", "b"]);
  });

  test("is not taken for done when its failure is swallowed", async () => {
    const work = opened.database.asInboxOnce((tx) => insert(tx, "b").catch(() => "fine"));
    await expect(work).rejects.toMatchObject({ code: "invariant_broken" });
    expect(await keys()).toEqual(["a'\\", "b"]);
  });

  test("never runs a second statement as somebody else: it is refused, or part of the same transaction", async () => {
    const work = opened.database.asInboxOnce(async (tx) => {
      await insert(tx, "c");
      return insert(tx, "d");
    });
    if (kind === "pglite") expect(await work).toMatchObject([{ role: "tributary_inbox" }]);
    else await expect(work).rejects.toMatchObject({ cause: { code: "invariant_broken" } });
    expect(await keys()).toEqual(["a'\\", "b", "c", ...(kind === "pglite" ? ["d"] : [])]);
  });
});
