import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { sql } from "drizzle-orm";
import * as tables from "@/drizzle/schema/engine";
import { type Database, queryRows } from "@/server/db";

export async function ensureEngineTables(database: Database): Promise<void> {
  const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(tables));
  await database.asOwner(async (tx) => {
    const [row] = await queryRows<{ found: string | null }>(
      tx,
      sql`select to_regclass('engine_events')::text as found`,
    );
    if (row?.found) return;
    for (const statement of statements) await tx.execute(sql.raw(statement));
  });
}
