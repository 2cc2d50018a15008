import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queryRows, sqlStateIn } from "@/server/db";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

/** Tables without a tenant, each with its reason. Nobody who serves requests may touch those that have no row security. */
const WITHOUT_TENANT: Record<string, string> = {
  organizations: "the list of tenants: a request sees its own",
  memberships: "read at sign-in, before the organization is known: a request sees those of its own",
  users: "a person may belong to several: a request sees the names of its own",
  credentials: "sign-in",
  sessions: "sign-in",
  verifications: "sign-in",
  sign_in_tries: "sign-in",
  invitations: "accepted by who belongs to nothing yet",
  engine_events: "the engine serves all organizations; its payloads hold ids only",
  engine_jobs: "the engine",
  engine_runs: "the engine",
  engine_steps: "the engine",
  engine_crons: "the engine",
  installation: "facts of the whole database",
};
const SEEN_IN_PART = ["memberships", "organizations", "users"];

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
    expect(tables.filter(({ forced, policies }) => !(forced && policies === 1))).toEqual([]);
  });

  test("every other table is on the list, and what serves requests reaches none of them but by a policy", async () => {
    const tables = await opened.database.asOwner((tx) =>
      queryRows<{ name: string; secured: boolean; reached: boolean }>(
        tx,
        sql`select c.relname::text as name, c.relrowsecurity as secured,
            exists (select from unnest(array['tributary_app', 'tributary_inbox']) as r(role), pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                and (has_column_privilege(r.role, c.oid, a.attnum, 'select, insert, update') or has_table_privilege(r.role, c.oid, 'delete'))) as reached
          from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
            and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped)
          order by 1`,
      ),
    );
    expect(tables.map(({ name }) => name)).toEqual(Object.keys(WITHOUT_TENANT).sort());
    expect(tables.filter(({ reached }) => reached).map(({ name }) => name)).toEqual(SEEN_IN_PART);
    expect(tables.filter(({ reached, secured }) => reached && !secured)).toEqual([]);
  });

  test("of organizations and people a request sees its own, people by name, those who left included", async () => {
    await opened.database.asOwner(async (tx) => {
      await tx.execute(sql`insert into organizations (id, name) values ('org_a', 'A'), ('org_b', 'B')`);
      await tx.execute(
        sql`insert into users (id, name, email) values ('u_a', 'Ada', 'a@example.com'), ('u_b', 'Bea', 'b@example.com'), ('u_c', 'Cy', 'c@example.com')`,
      );
      await tx.execute(
        sql`insert into memberships (id, user_id, organization_id, role, ended_at)
            values ('m_a', 'u_a', 'org_a', 'owner', null), ('m_b', 'u_b', 'org_b', 'owner', null), ('m_c', 'u_c', 'org_a', 'viewer', now())`,
      );
    });
    const seen = await opened.database.inOrganization("org_a", async (tx) => ({
      organizations: await queryRows(tx, sql`select id from organizations`),
      memberships: await queryRows(tx, sql`select id from memberships order by id`),
      users: await queryRows(tx, sql`select id, name from users order by id`),
    }));
    expect(seen).toEqual({
      organizations: [{ id: "org_a" }],
      memberships: [{ id: "m_a" }, { id: "m_c" }],
      users: [
        { id: "u_a", name: "Ada" },
        { id: "u_c", name: "Cy" },
      ],
    });
    const mails = opened.database.inOrganization("org_a", (tx) => tx.execute(sql`select email from users`));
    expect(sqlStateIn(await mails.catch((error) => error))).toBe("42501");
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
