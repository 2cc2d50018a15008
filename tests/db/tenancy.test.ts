import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queryRows, sqlStateIn } from "@/server/db";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

/** Sign-in tables: read before anyone knows which organization a person belongs to. */
const EXEMPT: string[] = ["memberships"];

describe.each(["pglite", "postgres", "neon"] as const)("%s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    await opened.database.asOwner(async (tx) => {
      await tx.execute(sql`create table vaults (id text primary key, org_id text not null, body text)`);
      await tx.execute(sql`select secure_tenant_table('vaults')`);
      await tx.execute(sql`grant select, insert, update, delete on vaults to tributary_app`);
    });
    for (const org of ["org_a", "org_b"]) {
      await opened.database.inOrganization(org, (tx) =>
        tx.execute(sql`insert into vaults values (${org}, ${org}, 'own')`),
      );
    }
  });
  afterAll(() => opened?.close());

  test("every table with org_id has row security, forced, and a policy for tributary_app", async () => {
    const tables = await opened.database.asOwner((tx) =>
      queryRows<{ name: string; forced: boolean; policies: number }>(
        tx,
        sql`select c.relname::text as name, c.relrowsecurity and c.relforcerowsecurity as forced,
            (select count(*)::int from pg_policies p where p.tablename = c.relname and 'tributary_app' = any (p.roles)
               and p.qual like '%app.org_id%' and p.with_check like '%app.org_id%') as policies
          from pg_class c join pg_attribute a on a.attrelid = c.oid
          where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attname = 'org_id' and not a.attisdropped`,
      ),
    );
    expect(tables.length).toBeGreaterThan(20);
    const open = tables.filter(({ name, forced, policies }) => !EXEMPT.includes(name) && !(forced && policies === 1));
    expect(open).toEqual([]);
  });

  test("tributary_app and tributary_inbox own nothing, do not log in and do not bypass row security", async () => {
    const roles = await opened.database.asOwner((tx) =>
      queryRows(
        tx,
        sql`select rolname::text as name, rolcanlogin or rolsuper or rolbypassrls or rolcreaterole as may,
            exists (select from pg_class c where c.relowner = r.oid) as owns
          from pg_roles r where rolname like 'tributary\\_%' order by 1`,
      ),
    );
    expect(roles).toEqual([
      { name: "tributary_app", may: false, owns: false },
      { name: "tributary_inbox", may: false, owns: false },
    ]);
  });

  test("an organization reads only its own rows", async () => {
    const rows = await opened.database.inOrganization("org_a", (tx) => queryRows(tx, sql`select id from vaults`));
    expect(rows).toEqual([{ id: "org_a" }]);
  });

  test("an organization changes and deletes nothing of another", async () => {
    await opened.database.inOrganization("org_a", async (tx) => {
      expect(await queryRows(tx, sql`update vaults set body = 'taken' where id = 'org_b' returning id`)).toEqual([]);
      expect(await queryRows(tx, sql`delete from vaults where id = 'org_b' returning id`)).toEqual([]);
    });
    const rows = await opened.database.inOrganization("org_b", (tx) => queryRows(tx, sql`select id, body from vaults`));
    expect(rows).toEqual([{ id: "org_b", body: "own" }]);
  });

  test.each([
    { what: "insert a row for another", statement: sql`insert into vaults values ('x', 'org_b', 'planted')` },
    { what: "give a row of its own away", statement: sql`update vaults set org_id = 'org_b' where id = 'org_a'` },
    { what: "create a table", statement: sql`create table sneaky (id int)` },
    { what: "turn row security off", statement: sql`alter table vaults disable row level security` },
    { what: "change a ledger entry", statement: sql`update ledger_entries set amount_minor = 0` },
    { what: "delete an audit row", statement: sql`delete from activity` },
  ])("an organization cannot $what", async ({ statement }) => {
    const attempt = opened.database.inOrganization("org_a", (tx) => tx.execute(statement));
    expect(sqlStateIn(await attempt.catch((error) => error))).toBe("42501");
  });

  test("the inbox reads no tenant table but what it looks up", async () => {
    for (const table of ["vaults", "affiliates", "ledger_entries", "deliveries", "payouts"]) {
      const attempt = opened.database.asInbox((tx) => tx.execute(sql`select 1 from ${sql.identifier(table)}`));
      expect(sqlStateIn(await attempt.catch((error) => error))).toBe("42501");
    }
  });

  // PGlite's owner is its only user, a superuser, whom nothing binds.
  test("even the owner of the tables is bound by row security on a server", async () => {
    const rows = await opened.database.asOwner((tx) => queryRows(tx, sql`select id from vaults order by id`));
    expect(rows).toEqual(kind === "pglite" ? [{ id: "org_a" }, { id: "org_b" }] : []);
  });
});
