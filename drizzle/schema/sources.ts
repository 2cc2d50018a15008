import { sql } from "drizzle-orm";
import { customType, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { counter, createdAt, instant, orgId } from "./columns";

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

// A connected network or shop. The token names the source in its postback address; it identifies and proves nothing.
export const sources = pgTable(
  "sources",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    programId: text("program_id").notNull(),
    name: text("name").notNull(),
    network: text("network").notNull(),
    token: text("token").notNull(),
    /** When set, every request must carry a valid signature, and a signed report counts as confirmed. */
    signingSecret: text("signing_secret"),
    amountFormat: text("amount_format", { enum: ["plain", "en", "de"] })
      .notNull()
      .default("plain"),
    defaultCurrency: text("default_currency"),
    defaultStatus: text("default_status", { enum: ["pending", "approved", "declined", "reversed"] })
      .notNull()
      .default("pending"),
    requestsPerMinute: integer("requests_per_minute").notNull().default(600_000),
    endedAt: instant("ended_at"),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("sources_token_once").on(t.token), index("sources_of_program").on(t.programId)],
);

// One raw inbound request, exactly as received. Inserted before anything is understood, never deleted by the application;
// only the outcome columns change. A repeat is a row of its own that points at the delivery it repeats.
export const deliveries = pgTable(
  "deliveries",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    /** Commit-safe order per conversion: taken after the conversion's head is locked. */
    seq: counter("seq").notNull().generatedAlwaysAsIdentity(),
    sourceId: text("source_id").notNull(),
    receivedAt: instant("received_at").notNull(),
    method: text("method").notNull(),
    target: text("target").notNull(),
    headers: jsonb("headers").$type<Record<string, string>>().notNull(),
    body: bytea("body").notNull(),
    truncatedAt: integer("truncated_at"),
    /** Whether a signature was checked and valid: decides the trust of the report. */
    signed: text("signed", { enum: ["unsigned", "valid", "refused"] }).notNull(),
    result: text("result", { enum: ["accepted", "duplicate", "quarantined", "refused"] }).notNull(),
    reason: text("reason"),
    /** The delivery that this one repeats. */
    repeats: text("repeats"),
    externalId: text("external_id"),
    /** When its effects were committed; null while it waits. Only accepted deliveries wait. */
    processedAt: instant("processed_at"),
    createdAt: createdAt(),
  },
  (t) => [
    index("deliveries_waiting").on(t.orgId, t.seq).where(sql`result = 'accepted' and processed_at is null`),
    index("deliveries_newest").on(t.orgId, t.seq.desc().nullsFirst()),
    index("deliveries_quarantined").on(t.orgId, t.seq.desc().nullsFirst()).where(sql`result = 'quarantined'`),
    index("deliveries_of_conversion").on(t.sourceId, t.externalId, t.seq),
  ],
);

// The latest thing each source said, per conversion (or per conversion and ordering key): what a request is compared with
// to be called a repeat. Locked by the insert of every delivery, which also puts deliveries of one conversion in order.
export const deliveryHeads = pgTable(
  "delivery_heads",
  {
    orgId: orgId(),
    sourceId: text("source_id").notNull(),
    dedupeKey: text("dedupe_key").notNull(),
    fingerprint: text("fingerprint").notNull(),
    deliveryId: text("delivery_id").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [uniqueIndex("delivery_heads_once").on(t.sourceId, t.dedupeKey)],
);
