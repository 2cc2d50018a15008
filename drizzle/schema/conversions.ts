import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, eventAt, instant, minor, orgId } from "./columns";

// The source's record of one sale or lead: its latest state. Written only by recordConversions and the attribution verbs,
// under a lock on the row. The four axes (network status, trust, commission state, review) are never collapsed.
export const conversions = pgTable(
  "conversions",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    sourceId: text("source_id").notNull(),
    programId: text("program_id").notNull(),
    externalId: text("external_id").notNull(),
    networkStatus: text("network_status", { enum: ["pending", "approved", "declined", "reversed"] }).notNull(),
    trust: text("trust", { enum: ["claimed", "confirmed", "funded"] }).notNull(),
    funding: text("funding", { enum: ["unfunded", "funded"] })
      .notNull()
      .default("unfunded"),
    review: text("review", { enum: ["clean", "flagged", "cleared"] })
      .notNull()
      .default("clean"),
    saleMinor: minor("sale_minor"),
    saleCurrency: text("sale_currency"),
    rewardMinor: minor("reward_minor"),
    rewardCurrency: text("reward_currency"),
    clickRef: text("click_ref"),
    subIds: jsonb("sub_ids").$type<Record<string, string>>().notNull(),
    /** Per field the ordering key that set it, where the dialect has one: an older report never overrides a newer field. */
    orderingKeys: jsonb("ordering_keys").$type<Record<string, string>>().notNull(),
    affiliateId: text("affiliate_id"),
    attributedVia: text("attributed_via", { enum: ["click", "sub_id"] }),
    /** Why nobody is credited yet; null exactly when affiliate_id is set. */
    unattributedReason: text("unattributed_reason"),
    /** Why no commission could be computed although somebody is credited; null when one was, or nobody is credited. */
    unpricedReason: text("unpriced_reason"),
    /** Number of its changes so far. */
    version: integer("version").notNull(),
    /** The sale by the source's clock; by ours where the source does not say. */
    eventAt: eventAt(),
    updatedAt: instant("updated_at").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("conversions_external_id_once").on(t.sourceId, t.externalId),
    index("conversions_newest").on(t.orgId, t.updatedAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("conversions_parked").on(t.orgId, t.id).where(sql`affiliate_id is null`),
    // What the Overview counts and its lists show: needsAttention in server/insight.
    index("conversions_nobody_credited")
      .on(t.orgId, t.updatedAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`affiliate_id is null and network_status in ('pending', 'approved')`),
    index("conversions_unpriced")
      .on(t.orgId, t.updatedAt.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`unpriced_reason is not null and network_status in ('pending', 'approved')`),
    index("conversions_of_affiliate").on(t.affiliateId, t.eventAt),
    check(
      "conversions_sale_complete",
      sql`(${t.saleMinor} is null) = (${t.saleCurrency} is null) and ${t.saleMinor} >= 0`,
    ),
    check(
      "conversions_reward_complete",
      sql`(${t.rewardMinor} is null) = (${t.rewardCurrency} is null) and ${t.rewardMinor} >= 0`,
    ),
    check("conversions_attributed_or_reason", sql`(${t.affiliateId} is null) = (${t.unattributedReason} is not null)`),
  ],
);

// The history of a conversion: one row for each change the source told us, with the delivery that said so. Append-only.
// A report older than what we hold is kept with applied = false.
export const conversionChanges = pgTable(
  "conversion_changes",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    conversionId: text("conversion_id")
      .notNull()
      .references(() => conversions.id),
    version: integer("version").notNull(),
    deliveryId: text("delivery_id").notNull(),
    applied: boolean("applied").notNull(),
    fromStatus: text("from_status"),
    toStatus: text("to_status").notNull(),
    trust: text("trust").notNull(),
    saleMinor: minor("sale_minor"),
    saleCurrency: text("sale_currency"),
    rewardMinor: minor("reward_minor"),
    rewardCurrency: text("reward_currency"),
    orderingKey: text("ordering_key"),
    eventAt: eventAt(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("conversion_changes_version_once").on(t.conversionId, t.version),
    index("conversion_changes_of_delivery").on(t.deliveryId),
  ],
);
