import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, instant, minor, orgId } from "./columns";

// A brand with its own terms. Written by operators, read by every commission and batch.
export const programs = pgTable("programs", {
  id: text("id").primaryKey(),
  orgId: orgId(),
  name: text("name").notNull(),
  /** The currency a report shows first; amounts accrue in the currency they were reported in. */
  currency: text("currency").notNull(),
  timeZone: text("time_zone").notNull(),
  createdAt: createdAt(),
});

// The currencies in which a program pays, each with the least amount worth sending.
export const programCurrencies = pgTable(
  "program_currencies",
  {
    orgId: orgId(),
    programId: text("program_id")
      .notNull()
      .references(() => programs.id),
    currency: text("currency").notNull(),
    minimumPayoutMinor: minor("minimum_payout_minor").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.programId, t.currency] }),
    check("program_currencies_minimum_positive", sql`${t.minimumPayoutMinor} > 0`),
  ],
);

// A named promise to affiliates. A rule for one source goes before the program's general rule (source_id null).
export const rules = pgTable(
  "rules",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    programId: text("program_id")
      .notNull()
      .references(() => programs.id),
    sourceId: text("source_id"),
    name: text("name").notNull(),
    createdAt: createdAt(),
  },
  (t) => [index("rules_of_program").on(t.programId)],
);

// What the rule said from a moment on. Never updated: a change is a new version, so old commissions stay explained.
export const ruleVersions = pgTable(
  "rule_versions",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    ruleId: text("rule_id")
      .notNull()
      .references(() => rules.id),
    version: integer("version").notNull(),
    kind: text("kind", { enum: ["percentage", "flat"] }).notNull(),
    base: text("base", { enum: ["sale", "reward"] }).notNull(),
    ratePpm: minor("rate_ppm"),
    flatMinor: minor("flat_minor"),
    flatCurrency: text("flat_currency"),
    holdDays: integer("hold_days").notNull(),
    effectiveFrom: instant("effective_from").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("rule_versions_once").on(t.ruleId, t.version),
    check(
      "rule_versions_kind_complete",
      sql`(${t.kind} = 'percentage' and ${t.ratePpm} >= 0 and ${t.flatMinor} is null) or (${t.kind} = 'flat' and ${t.flatMinor} >= 0 and ${t.flatCurrency} is not null and ${t.ratePpm} is null)`,
    ),
    check("rule_versions_hold_days", sql`${t.holdDays} between 0 and 730`),
  ],
);
