import { readFileSync } from "node:fs";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { queryRows } from "@/server/db";
import { openTestDatabase } from "@/tests/support/database";

test("whoever was an operator when there was one role becomes an owner, once, and affiliates stay what they are", async () => {
  const { database, close } = await openTestDatabase("pglite");
  const statements = readFileSync("drizzle/migrations/0003_roles.sql", "utf8").split("--> statement-breakpoint");
  const rows = await database.asOwner(async (tx) => {
    await tx.execute(
      sql`alter table memberships drop constraint memberships_role, drop constraint memberships_affiliate`,
    );
    await tx.execute(sql`drop index memberships_one_role`);
    await tx.execute(
      sql`insert into users (id, name, email) values ('usr_1', 'Olive', 'o@example.com'), ('usr_2', 'Mara', 'm@example.com')`,
    );
    await tx.execute(sql`insert into memberships (id, user_id, organization_id, role, affiliate_id, created_at) values
      ('mem_1', 'usr_1', 'org_1', 'operator', null, '2026-01-01'), ('mem_2', 'usr_1', 'org_1', 'operator', null, '2026-01-02'),
      ('mem_3', 'usr_1', 'org_2', 'operator', null, '2026-01-03'), ('mem_4', 'usr_2', 'org_1', 'affiliate', 'aff_1', '2026-01-04')`);
    for (const statement of statements) await tx.execute(sql.raw(statement));
    return queryRows<{ id: string; role: string }>(tx, sql`select id, role from memberships order by id`);
  });
  expect(rows).toEqual([
    { id: "mem_1", role: "owner" },
    { id: "mem_3", role: "owner" },
    { id: "mem_4", role: "affiliate" },
  ]);
  await expect(
    database.asOwner((tx) =>
      tx.execute(
        sql`insert into memberships (id, user_id, organization_id, role) values ('mem_5', 'usr_1', 'org_1', 'viewer')`,
      ),
    ),
  ).rejects.toThrow();
  await close();
});
