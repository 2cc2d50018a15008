import { sql } from "drizzle-orm";
import { jsonRows, type Tx } from "@/server/db";

/** One thing that happened, as the screens tell it. Details are names and decimal texts, never personal data. */
export type NewActivity = {
  readonly kind: string;
  readonly subjectId: string;
  readonly affiliateId?: string | null;
  readonly batchId?: string | null;
  readonly details: Readonly<Record<string, string | null>>;
  readonly eventAt: Date;
};

/** Writes what happened, in the transaction of the deed, and wakes the streams when it commits. */
export async function recordActivity(tx: Tx, events: readonly NewActivity[], now: Date): Promise<void> {
  if (events.length === 0) return;
  const rows = jsonRows(
    events.map((event) => ({
      kind: event.kind,
      subject_id: event.subjectId,
      affiliate_id: event.affiliateId ?? null,
      batch_id: event.batchId ?? null,
      details: event.details,
      event_at: event.eventAt,
    })),
  );
  await tx.execute(
    sql`with told as (
          insert into activity (kind, subject_id, affiliate_id, batch_id, details, event_at, created_at)
          select kind, subject_id, affiliate_id, batch_id, details, event_at, ${now.toISOString()}::timestamptz
          from ${rows} as r(kind text, subject_id text, affiliate_id text, batch_id text, details jsonb, event_at timestamptz)
        )
        select pg_notify('activity', current_setting('app.org_id'))`,
  );
}
