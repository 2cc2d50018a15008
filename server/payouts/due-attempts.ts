import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { Rail } from "@/server/rails";

/** What to do next about an attempt: ask the provider about its batch, or send the same bytes again. */
export type DueAttempt = { attemptId: string; rail: string; look: { providerBatchId: string } | null };

/** Attempts of connected rails whose time to look has come, longest overdue first, at most `limit`. */
export async function dueAttempts(
  tx: Tx,
  input: { rails: readonly Rail[]; limit: number; onlyId?: string },
  now: Date,
): Promise<DueAttempt[]> {
  const rows = await queryRows<{ id: string; rail: string; provider_batch_id: string | null }>(
    tx,
    sql`select id, rail, provider_batch_id from attempts
        where closed_at is null and next_check_at <= ${now.toISOString()}::timestamptz
          and ${byRails(input.rails)} and ${input.onlyId === undefined ? sql`true` : sql`id = ${input.onlyId}`}
        order by next_check_at, id limit ${input.limit}`,
  );
  return rows.map(({ id, rail, provider_batch_id }) => ({
    attemptId: id,
    rail,
    look: provider_batch_id === null ? null : { providerBatchId: provider_batch_id },
  }));
}

/** When the next attempt of a connected rail will be due; null when none waits. */
export async function nextDueAt(tx: Tx, input: { rails: readonly Rail[] }): Promise<Date | null> {
  const [row] = await queryRows<{ next_at: string | null }>(
    tx,
    sql`select min(next_check_at) as next_at from attempts where closed_at is null and next_check_at is not null and ${byRails(input.rails)}`,
  );
  return row?.next_at ? new Date(row.next_at) : null;
}

/** Approved batches that have something to send although nobody has sent anything of them since `quietSince`: whoever worked on them is gone. Looks
 *  at what they have sent already do not count as work on them. Left out are batches that wait to repeat a submission, and those of a rail that
 *  has lost `unknownsMax` of their answers and is still being asked about these. */
export async function stalledBatches(
  tx: Tx,
  input: { quietSince: Date; unknownsMax: number },
  now: Date,
): Promise<string[]> {
  const quiet = sql`${input.quietSince.toISOString()}::timestamptz`;
  const rows = await queryRows<{ id: string }>(
    tx,
    sql`select b.id from payout_batches b
        where b.state = 'approved' and b.approved_at < ${quiet}
          and (exists (select from payouts p where p.batch_id = b.id and p.state = 'queued' and p.updated_at < ${quiet})
            or exists (select from attempts a where a.batch_id = b.id and a.state = 'submitting'))
          and not exists (select from attempts a where a.batch_id = b.id and (a.created_at > ${quiet} or (a.state = 'submitting'
            and (a.updated_at > ${quiet} or a.next_check_at > ${now.toISOString()}::timestamptz))))
          and (select count(*) from attempts a where a.batch_id = b.id and a.state = 'unknown' and a.closed_at is null
            and a.next_check_at is not null) < ${input.unknownsMax}
        order by b.id`,
  );
  return rows.map(({ id }) => id);
}

function byRails(rails: readonly Rail[]): SQL {
  return rails.length === 0 ? sql`false` : sql`rail in ${rails.map(({ name }) => name)}`;
}
