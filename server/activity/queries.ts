import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

/** Where a reader of the stream stands: the last row it has seen. Sent to the browser as the event id. */
export type ActivityCursor = { txId: string; seq: string };

export type ActivityRow = {
  cursor: ActivityCursor;
  kind: string;
  subjectId: string;
  affiliateId: string | null;
  batchId: string | null;
  details: Record<string, string | null>;
  eventAt: Date;
};

/** Which part of the stream: everything of the organization, or what one affiliate may see. */
export type ActivityScope = { affiliateId?: string };

/** Rows after the cursor in commit-safe order: rows of transactions still open, and of any that began after the oldest open
 *  one, wait for the next call, so that nothing is ever passed over. */
export async function activityAfter(
  tx: Tx,
  cursor: ActivityCursor,
  scope: ActivityScope,
  limit: number,
): Promise<ActivityRow[]> {
  return readActivity(
    tx,
    sql`(a.tx_id, a.seq) > (${cursor.txId}::xid8, ${cursor.seq}::bigint) and a.tx_id < pg_snapshot_xmin(pg_current_snapshot()) and ${scoped(scope)}
        order by a.tx_id, a.seq limit ${limit}`,
  );
}

/** The newest rows, newest first. */
export async function latestActivity(tx: Tx, scope: ActivityScope, limit: number): Promise<ActivityRow[]> {
  return readActivity(
    tx,
    sql`a.tx_id < pg_snapshot_xmin(pg_current_snapshot()) and ${scoped(scope)} order by a.tx_id desc, a.seq desc limit ${limit}`,
  );
}

function scoped(scope: ActivityScope): SQL {
  return scope.affiliateId === undefined ? sql`true` : sql`a.affiliate_id = ${scope.affiliateId}`;
}

async function readActivity(tx: Tx, condition: SQL): Promise<ActivityRow[]> {
  const rows = await queryRows<{
    tx_id: string;
    seq: string;
    kind: string;
    subject_id: string;
    affiliate_id: string | null;
    batch_id: string | null;
    details: Record<string, string | null>;
    event_at: string;
  }>(
    tx,
    sql`select a.tx_id::text as tx_id, a.seq, a.kind, a.subject_id, a.affiliate_id, a.batch_id, a.details, a.event_at from activity a where ${condition}`,
  );
  return rows.map((row) => ({
    cursor: { txId: row.tx_id, seq: row.seq },
    kind: row.kind,
    subjectId: row.subject_id,
    affiliateId: row.affiliate_id,
    batchId: row.batch_id,
    details: row.details,
    eventAt: new Date(row.event_at),
  }));
}
