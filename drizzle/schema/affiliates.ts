import { index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, instant, orgId } from "./columns";

// Whom we owe. Written by operators and imports; external_id is the operator's own id of the person, where it has one.
export const affiliates = pgTable(
  "affiliates",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    externalId: text("external_id"),
    name: text("name").notNull(),
    email: text("email").notNull(),
    /** BCP 47, for amounts and dates in mails and portal. */
    locale: text("locale").notNull().default("en"),
    timeZone: text("time_zone").notNull().default("UTC"),
    status: text("status", { enum: ["active", "suspended"] })
      .notNull()
      .default("active"),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("affiliates_external_id_once").on(t.orgId, t.externalId),
    index("affiliates_by_name").on(t.orgId, t.name, t.id),
  ],
);

// An affiliate in a program. Only enrolled affiliates are attributed and paid.
export const enrolments = pgTable(
  "enrolments",
  {
    orgId: orgId(),
    programId: text("program_id").notNull(),
    affiliateId: text("affiliate_id")
      .notNull()
      .references(() => affiliates.id),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.affiliateId] }), index("enrolments_of_affiliate").on(t.affiliateId)],
);

// Where an affiliate's money goes. A change adds a row and ends the old one; a payout keeps a snapshot of its own.
export const destinations = pgTable(
  "destinations",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    affiliateId: text("affiliate_id")
      .notNull()
      .references(() => affiliates.id),
    rail: text("rail", { enum: ["paypal"] }).notNull(),
    receiver: text("receiver").notNull(),
    /** Until when nothing is sent there; null for a first destination, which nobody could have put in place of another. */
    coolsUntil: instant("cools_until"),
    endedAt: instant("ended_at"),
    createdAt: createdAt(),
  },
  (t) => [index("destinations_of_affiliate").on(t.affiliateId, t.createdAt)],
);
