import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, eventAt, instant, minor, orgId } from "./columns";

// What we owe on one conversion: its latest state, with the trace of how the amount came about (server/commissions). Written only by the commission verbs, under a lock on the row.
export const commissions = pgTable(
  "commissions",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    conversionId: text("conversion_id").notNull(),
    sourceId: text("source_id").notNull(),
    programId: text("program_id").notNull(),
    affiliateId: text("affiliate_id").notNull(),
    ruleVersionId: text("rule_version_id").notNull(),
    state: text("state", { enum: ["held", "payable", "in_batch", "paid", "clawed_back", "void"] }).notNull(),
    /** What we owe as of now; 0 when declined or reversed. */
    amountMinor: minor("amount_minor").notNull(),
    currency: text("currency").notNull(),
    /** The reward behind it as posted; null when no network pays us (merchant side). */
    rewardMinor: minor("reward_minor"),
    rewardCurrency: text("reward_currency"),
    trust: text("trust", { enum: ["claimed", "confirmed", "funded"] }).notNull(),
    /** Whether the source approved: the first condition of release; the second is the end of the hold. */
    approved: boolean("approved").notNull(),
    released: boolean("released").notNull(),
    holdUntil: instant("hold_until").notNull(),
    trace: jsonb("trace").notNull(),
    version: integer("version").notNull(),
    eventAt: eventAt(),
    updatedAt: instant("updated_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("commissions_conversion_once").on(t.conversionId),
    index("commissions_due_for_release").on(t.orgId, t.holdUntil).where(sql`state = 'held' and approved`),
    index("commissions_of_affiliate").on(t.affiliateId, t.eventAt),
    index("commissions_of_program").on(t.programId, t.currency, t.state),
    check("commissions_amount_not_negative", sql`${t.amountMinor} >= 0`),
  ],
);

// Every movement of a commission, with its cause and its ledger transaction. Append-only. payable_delta_minor is what a
// payout collects; it is negative when something already payable (or paid) was taken back.
export const commissionEffects = pgTable(
  "commission_effects",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    commissionId: text("commission_id").notNull(),
    version: integer("version").notNull(),
    affiliateId: text("affiliate_id").notNull(),
    programId: text("program_id").notNull(),
    kind: text("kind", {
      enum: ["accrue", "adjust", "approve", "unapprove", "confirm", "decline", "reverse", "reinstate", "release"],
    }).notNull(),
    /** The conversion change that caused it; null for a release, which time caused. */
    changeId: text("change_id"),
    currency: text("currency").notNull(),
    amountMinor: minor("amount_minor").notNull(),
    heldDeltaMinor: minor("held_delta_minor").notNull(),
    payableDeltaMinor: minor("payable_delta_minor").notNull(),
    trace: jsonb("trace").notNull(),
    ruleVersionId: text("rule_version_id").notNull(),
    eventAt: eventAt(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("commission_effects_version_once").on(t.commissionId, t.version),
    index("commission_effects_collectable")
      .on(t.programId, t.currency, t.affiliateId, t.eventAt)
      .where(sql`payable_delta_minor <> 0`),
    index("commission_effects_of_affiliate").on(t.affiliateId, t.createdAt),
    index("commission_effects_of_change").on(t.changeId),
  ],
);
