import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";

/** Takes an affiliate into a program; a second time changes nothing. */
export async function enrol(tx: Tx, input: { programId: string; affiliateId: string }, now: Date): Promise<void> {
  await tx.execute(
    sql`insert into enrolments (program_id, affiliate_id, created_at)
        values (${input.programId}, ${input.affiliateId}, ${now.toISOString()}::timestamptz) on conflict do nothing`,
  );
}
