import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import { newId } from "@/server/ids";

/** Adds an organization (tenant). Runs as the owner: it is the one deed that no organization contains. */
export async function createOrganization(tx: Tx, input: { name: string }, now: Date): Promise<string> {
  const id = newId("org", now);
  await tx.execute(
    sql`insert into organizations (id, name, created_at) values (${id}, ${input.name}, ${now.toISOString()}::timestamptz)`,
  );
  return id;
}
