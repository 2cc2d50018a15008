import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { counter, createdAt, eventAt, instant, minor, orgId } from "./columns";

// One run of payouts: a program, a currency, a cut-off. Written by operators; draft until approved or discarded.
export const payoutBatches = pgTable(
  "payout_batches",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    programId: text("program_id").notNull(),
    currency: text("currency").notNull(),
    cutOff: instant("cut_off").notNull(),
    state: text("state", { enum: ["draft", "approved", "finished", "discarded"] }).notNull(),
    plannedBy: text("planned_by").notNull(),
    approvedBy: text("approved_by"),
    approvedAt: instant("approved_at"),
    finishedAt: instant("finished_at"),
    createdAt: createdAt(),
  },
  (t) => [
    index("payout_batches_newest").on(t.orgId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("payout_batches_drafts").on(t.orgId).where(sql`state = 'draft'`),
  ],
);

// What each validator said of each affiliate considered for a batch: one row per finding that is not a plain pass.
// Rows with blocks = true are the answer to "why am I not in this batch".
export const batchFindings = pgTable(
  "batch_findings",
  {
    orgId: orgId(),
    batchId: text("batch_id")
      .notNull()
      .references(() => payoutBatches.id),
    affiliateId: text("affiliate_id").notNull(),
    validator: text("validator", {
      enum: ["profile", "destination", "threshold", "balance", "hold", "rail", "currency"],
    }).notNull(),
    blocks: boolean("blocks").notNull(),
    /** A whole sentence: the thing, the value, the rule. */
    finding: text("finding").notNull(),
    /** What would have been paid, and what waits in hold. */
    amountMinor: minor("amount_minor").notNull(),
    heldMinor: minor("held_minor").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.batchId, t.affiliateId, t.validator] }),
    index("batch_findings_of_affiliate").on(t.affiliateId, t.createdAt),
  ],
);

// One affiliate, one currency, one batch. Its id is its key at the rail for ever; amount, receiver and rail are frozen when it
// is planned. Only the state columns change, along the graph in server/rails.
export const payouts = pgTable(
  "payouts",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    batchId: text("batch_id")
      .notNull()
      .references(() => payoutBatches.id),
    affiliateId: text("affiliate_id").notNull(),
    programId: text("program_id").notNull(),
    currency: text("currency").notNull(),
    amountMinor: minor("amount_minor").notNull(),
    rail: text("rail").notNull(),
    /** Snapshot: a later change of destination does not touch it. */
    receiver: text("receiver").notNull(),
    state: text("state", {
      enum: [
        "planned",
        "queued",
        "submitting",
        "submitted",
        "paid",
        "failed",
        "unclaimed",
        "returned",
        "reversed",
        "unknown",
        "canceled",
      ],
    }).notNull(),
    /** Why it stands where it stands, in words; with the provider's own word beside it. */
    reason: text("reason"),
    providerStatus: text("provider_status"),
    providerItemId: text("provider_item_id"),
    /** The provider's time of the last applied status: an older one is stored, not applied. */
    providerAt: instant("provider_at"),
    attemptId: text("attempt_id"),
    retryOf: text("retry_of"),
    feeMinor: minor("fee_minor"),
    feeCurrency: text("fee_currency"),
    settledAt: instant("settled_at"),
    updatedAt: instant("updated_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    index("payouts_of_batch").on(t.batchId, t.id),
    index("payouts_of_batch_by_state").on(t.batchId, t.state),
    index("payouts_of_affiliate").on(t.affiliateId, t.createdAt),
    index("payouts_of_attempt").on(t.attemptId),
    index("payouts_open").on(t.orgId, t.state).where(sql`state in ('submitted', 'unknown', 'unclaimed', 'submitting')`),
    // What came back and may wait to be tried again: waitsForRetry in server/payouts/queries.ts.
    index("payouts_proven_unpaid")
      .on(t.orgId, t.updatedAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`state in ('failed', 'returned', 'reversed')`),
    index("payouts_paid").on(t.orgId, t.id).where(sql`state = 'paid'`),
    uniqueIndex("payouts_retried_once").on(t.retryOf),
    check("payouts_amount_positive", sql`${t.amountMinor} > 0`),
  ],
);

// Which commission movements a payout pays. Active until the payout is proven unpaid; a movement has one active line at most.
export const payoutLines = pgTable(
  "payout_lines",
  {
    orgId: orgId(),
    payoutId: text("payout_id")
      .notNull()
      .references(() => payouts.id),
    effectId: text("effect_id").notNull(),
    commissionId: text("commission_id").notNull(),
    amountMinor: minor("amount_minor").notNull(),
    currency: text("currency").notNull(),
    active: boolean("active").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.payoutId, t.effectId] }),
    uniqueIndex("payout_lines_effect_once").on(t.effectId).where(sql`active`),
    // Lines that were given back: where a movement that is paid twice would show.
    index("payout_lines_given_back").on(t.orgId, t.effectId).where(sql`not active`),
    index("payout_lines_of_commission").on(t.commissionId),
  ],
);

// One submission to a rail: the intent, committed with its exact bytes before anything is sent. The bytes never change.
export const attempts = pgTable(
  "attempts",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    batchId: text("batch_id").notNull(),
    rail: text("rail").notNull(),
    /** The provider's idempotency key. */
    key: text("key").notNull(),
    body: text("body").notNull(),
    bodyHash: text("body_hash").notNull(),
    itemCount: integer("item_count").notNull(),
    state: text("state", { enum: ["submitting", "accepted", "rejected", "unknown"] }).notNull(),
    providerBatchId: text("provider_batch_id"),
    /** The provider's last answer, raw. */
    answer: text("answer"),
    reason: text("reason"),
    sends: integer("sends").notNull().default(0),
    firstSentAt: instant("first_sent_at"),
    nextCheckAt: instant("next_check_at"),
    checks: integer("checks").notNull().default(0),
    closedAt: instant("closed_at"),
    updatedAt: instant("updated_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("attempts_key_once").on(t.rail, t.key),
    index("attempts_of_batch").on(t.batchId),
    index("attempts_to_check").on(t.orgId, t.nextCheckAt).where(sql`closed_at is null`),
  ],
);

// The history of a payout: one row per status told by us or the provider, applied or not. Append-only.
export const payoutEvents = pgTable(
  "payout_events",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    seq: counter("seq").notNull().generatedAlwaysAsIdentity(),
    payoutId: text("payout_id")
      .notNull()
      .references(() => payouts.id),
    fromState: text("from_state"),
    toState: text("to_state").notNull(),
    applied: boolean("applied").notNull(),
    providerStatus: text("provider_status"),
    reason: text("reason"),
    attemptId: text("attempt_id"),
    eventAt: eventAt(),
    createdAt: createdAt(),
  },
  (t) => [index("payout_events_of_payout").on(t.payoutId, t.seq)],
);

// Something only a person can decide, with its evidence. Opened by verbs, closed by a person or by the fact that resolves it.
export const tasks = pgTable(
  "tasks",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    kind: text("kind", {
      enum: ["payout_unknown", "payout_accepted_twice", "payout_waiting", "payout_returned", "payout_failed"],
    }).notNull(),
    subjectId: text("subject_id").notNull(),
    summary: text("summary").notNull(),
    evidence: jsonb("evidence").$type<Record<string, string | null>>().notNull(),
    closedAt: instant("closed_at"),
    closedBecause: text("closed_because"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("tasks_open_once").on(t.kind, t.subjectId).where(sql`closed_at is null`),
    index("tasks_open").on(t.orgId, t.createdAt).where(sql`closed_at is null`),
  ],
);
