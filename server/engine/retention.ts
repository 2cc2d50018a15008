import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

/** How long a finished run and its event are kept; also how long an event id is remembered. */
const KEPT_DAYS = 7;

/** Rows of each kind deleted in one transaction: short enough that nobody waits for it. */
const ROWS_PER_CHUNK = 500;

/** Deletes one chunk of finished runs (with their steps) and of events that no run needs, oldest first.
 *  Returns whether a chunk was full, so that more is waiting. */
export async function deleteOldRuns(tx: Tx, now: Date): Promise<boolean> {
  const before = new Date(now.getTime() - KEPT_DAYS * 86_400_000).toISOString();
  const runs = await queryRows(
    tx,
    sql`delete from engine_runs where id in (
          select id from engine_runs where finished_at is not null and finished_at < ${before}::timestamptz
          order by finished_at limit ${ROWS_PER_CHUNK} for update skip locked)
        returning id`,
  );
  const events = await queryRows(
    tx,
    sql`delete from engine_events event where id in (
          select id from engine_events e where received_at < ${before}::timestamptz
            and not exists (select from engine_runs run where run.event_id = e.id)
          order by received_at limit ${ROWS_PER_CHUNK} for update skip locked)
        returning id`,
  );
  return runs.length === ROWS_PER_CHUNK || events.length === ROWS_PER_CHUNK;
}
