import { sql } from "drizzle-orm";
import { customType, index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import { counter, createdAt, eventAt, orgId } from "./columns";

const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => "xid8" });

// What happened, for the screens: written in the same transaction as the deed, streamed in order, never changed. A reader goes
// by (tx_id, seq) and stops before the oldest transaction still open, so that a late commit is never skipped.
export const activity = pgTable(
  "activity",
  {
    seq: counter("seq").primaryKey().generatedAlwaysAsIdentity(),
    txId: xid8("tx_id").notNull().default(sql`pg_current_xact_id()`),
    orgId: orgId(),
    /** "conversion.approved", "payout.paid": area, dot, what happened. */
    kind: text("kind").notNull(),
    /** The row it is about, and the affiliate who may see it in the portal. */
    subjectId: text("subject_id").notNull(),
    affiliateId: text("affiliate_id"),
    batchId: text("batch_id"),
    /** Names and decimal texts to show; never a bigint, never personal data. */
    details: jsonb("details").$type<Record<string, string | null>>().notNull(),
    eventAt: eventAt(),
    createdAt: createdAt(),
  },
  (t) => [
    index("activity_in_order").on(t.orgId, t.txId, t.seq),
    index("activity_of_subject").on(t.subjectId, t.seq),
    index("activity_of_affiliate").on(t.affiliateId, t.seq),
  ],
);
