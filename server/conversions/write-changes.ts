import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { jsonRows, type Tx } from "@/server/db";
import { toDecimal } from "@/server/money";
import { COLUMN_TYPES, columnsOf, upsertConversions } from "./conversion-columns";
import type { Conversion } from "./conversion-row";
import type { DeliveredReport } from "./record-conversions";

/** One new row of history and the conversion after it. */
export type Change = {
  id: string;
  delivered: DeliveredReport;
  before: Conversion | null;
  after: Conversion;
  /** False for a report older than what we hold: kept, without effect. */
  applied: boolean;
};

/** Writes conversions with their history and activity: two statements for any number of rows. */
export async function writeChanges(tx: Tx, changes: readonly Change[], now: Date): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ id, delivered, before, after, applied }) => ({
    ...columnsOf(after),
    change_id: id,
    delivery_id: delivered.deliveryId,
    applied,
    from_status: before?.state.networkStatus ?? null,
    to_status: applied ? after.state.networkStatus : (delivered.report.status ?? after.state.networkStatus),
    ordering_key: delivered.report.orderingKey ?? null,
    said_at: delivered.report.occurredAt ?? delivered.receivedAt,
  }));
  await tx.execute(
    sql`with input as materialized (
          select * from ${jsonRows(rows)} as r(${COLUMN_TYPES}, change_id text, delivery_id text, applied boolean, from_status text, to_status text,
            ordering_key text, said_at timestamptz)
        ), saved as (${upsertConversions(sql`input`, now)})
        insert into conversion_changes (id, conversion_id, version, delivery_id, applied, from_status, to_status, trust, sale_minor, sale_currency,
          reward_minor, reward_currency, ordering_key, event_at, created_at)
        select change_id, id, version, delivery_id, applied, from_status, to_status, trust, sale_minor, sale_currency,
          reward_minor, reward_currency, ordering_key, said_at, ${now.toISOString()}::timestamptz from input`,
  );
  await recordActivity(tx, changes.filter((change) => change.applied).map(toActivity), now);
}

function toActivity({ delivered, before, after }: Change) {
  const shown = after.state.reward ?? after.state.sale;
  const changedStatus = before?.state.networkStatus !== after.state.networkStatus;
  return {
    kind: before === null || changedStatus ? `conversion.${after.state.networkStatus}` : "conversion.changed",
    subjectId: after.id,
    affiliateId: after.affiliateId,
    eventAt: delivered.receivedAt,
    details: {
      order: after.externalId,
      source: after.sourceId,
      amount: shown ? toDecimal(shown) : null,
      currency: shown?.currency ?? null,
      parked: after.unattributedReason,
    },
  };
}
