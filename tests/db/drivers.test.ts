import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

describe.each(["pglite", "postgres", "neon"] as const)("%s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    await opened.database.asOwner(async (tx) => {
      await tx.execute(sql`create table drafts (id int primary key, body text)`);
      await tx.execute(sql`grant select, insert on drafts to tributary_app`);
    });
  });
  afterAll(() => opened?.close());

  const identity = (tx: Tx) =>
    queryRows(tx, sql`select current_user::text as role, current_setting('app.org_id', true) as org`);

  test("a transaction inside an organization runs as tributary_app, for that organization, in UTC", async () => {
    const rows = await opened.database.inOrganization("org_a", (tx) =>
      queryRows(
        tx,
        sql`select current_user::text as role, current_setting('app.org_id') as org, current_setting('TimeZone') as zone`,
      ),
    );
    expect(rows).toEqual([{ role: "tributary_app", org: "org_a", zone: "UTC" }]);
  });

  test("the inbox has its own role and no organization, and nothing of a transaction stays on the connection", async () => {
    await opened.database.inOrganization("org_a", identity);
    const [owner] = await opened.database.asOwner(identity);
    expect(owner).toEqual({ role: kind === "pglite" ? "postgres" : "tributary", org: "" });
    await opened.database.inOrganization("org_a", identity);
    expect(await opened.database.asInbox(identity)).toEqual([{ role: "tributary_inbox", org: "" }]);
  });

  test("an empty organization id is refused before the database is asked", () => {
    expect(() => opened.database.inOrganization("", identity)).toThrow(/needs an organization id/);
  });

  test("raw rows are alike: int8, numeric and times as text, int4 as number, jsonb parsed, bytea as bytes", async () => {
    const [row] = await opened.database.inOrganization("org_a", (tx) =>
      queryRows(
        tx,
        sql`select 9007199254740993::int8 as big, 1.10::numeric as rate, 7::int4 as small, 0.5::float8 as ratio, true as yes,
          '2026-11-20T10:00:00.123456Z'::timestamptz as at, '2026-11-20'::date as day, '{"a":1}'::jsonb as json,
          '\\x00ff'::bytea as bytes, array[9007199254740993::int8] as bigs, array['a','b'] as texts, null as nothing`,
      ),
    );
    expect({ ...row, bytes: Buffer.from(row?.bytes as Uint8Array).toString("hex") }).toEqual({
      big: "9007199254740993",
      rate: "1.10",
      small: 7,
      ratio: 0.5,
      yes: true,
      at: "2026-11-20 10:00:00.123456+00",
      day: "2026-11-20",
      json: { a: 1 },
      bytes: "00ff",
      bigs: ["9007199254740993"],
      texts: ["a", "b"],
      nothing: null,
    });
    expect(new Date(String(row?.at)).toISOString()).toBe("2026-11-20T10:00:00.123Z");
  });

  test("many rows travel as one parameter, bigint beyond the safe integers and Date unchanged", async () => {
    const at = new Date("2026-11-20T10:00:00.123Z");
    const rows = await opened.database.inOrganization("org_a", (tx) =>
      queryRows(
        tx,
        sql`select r.id, r.amount_minor, r.at from ${jsonRows([{ id: "x", amount_minor: 9007199254740993n, at }])} as r(id text, amount_minor bigint, at timestamptz)`,
      ),
    );
    expect(rows).toEqual([{ id: "x", amount_minor: "9007199254740993", at: "2026-11-20 10:00:00.123+00" }]);
  });

  test("a failure inside undoes the transaction, reaches the caller as it was, and leaves the pool usable", async () => {
    const failure = new Error("no");
    const attempt = opened.database.inOrganization("org_a", async (tx) => {
      await tx.execute(sql`insert into drafts values (1, 'x')`);
      throw failure;
    });
    await expect(attempt).rejects.toBe(failure);
    const rows = await opened.database.inOrganization("org_a", (tx) =>
      queryRows(tx, sql`select * from drafts where id = 1`),
    );
    expect(rows).toEqual([]);
  });

  test("a transaction that swallowed a failed statement does not pass for committed", async () => {
    const attempt = opened.database.inOrganization("org_a", async (tx) => {
      await tx.execute(sql`insert into drafts values (2, 'x')`);
      await tx.execute(sql`select 1/0`).catch(() => undefined);
      return "done";
    });
    await expect(attempt).rejects.toThrow(/swallowed/);
  });

  test("a failure inside a nested transaction undoes only that one", async () => {
    await opened.database.inOrganization("org_a", async (tx) => {
      await tx.execute(sql`insert into drafts values (3, 'kept')`);
      await tx
        .transaction(async (inner) => {
          await inner.execute(sql`insert into drafts values (4, 'undone')`);
          throw new Error("no");
        })
        .catch(() => undefined);
    });
    const rows = await opened.database.inOrganization("org_a", (tx) =>
      queryRows(tx, sql`select id from drafts where id in (3, 4)`),
    );
    expect(rows).toEqual([{ id: 3 }]);
  });

  test("a notice reaches the listener after its commit, except behind Neon, where a poll must do", async () => {
    const heard = vi.fn();
    const stop = await opened.database.listen("activity", heard);
    await opened.database.inOrganization("org_a", async (tx) => {
      await tx.execute(sql`select pg_notify('activity', '17')`);
      expect(heard).not.toHaveBeenCalled();
    });
    if (kind !== "neon") await vi.waitFor(() => expect(heard).toHaveBeenCalledWith("17"), { timeout: 30_000 });
    await stop();
    await opened.database.inOrganization("org_a", (tx) => tx.execute(sql`select pg_notify('activity', '18')`));
    expect(heard).toHaveBeenCalledTimes(kind === "neon" ? 0 : 1);
  });
});
