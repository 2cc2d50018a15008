import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

/** When each kind of work is due next; undefined where there is none. */
export type SoonestDue = Record<"job" | "lease" | "sleep" | "cron", Date | undefined>;

/** One cheap look at the first entries of four small indexes: all that an idle engine asks at a poll. A lease is due when it
 *  ends unrenewed. */
export async function soonestDue(tx: Tx): Promise<SoonestDue> {
  const [row] = await queryRows<Record<keyof SoonestDue, string | null>>(
    tx,
    sql`select
      (select min(due_at) from engine_jobs where lease_token is null) as job,
      (select min(lease_until) from engine_jobs where lease_until is not null) as lease,
      (select min(wake_at) from engine_steps where wake_at is not null and output is null) as sleep,
      (select min(next_at) from engine_crons) as cron`,
  );
  const date = (text: string | null | undefined) => (text ? new Date(text) : undefined);
  return { job: date(row?.job), lease: date(row?.lease), sleep: date(row?.sleep), cron: date(row?.cron) };
}
