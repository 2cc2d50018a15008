import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, eventAt, instant, orgId } from "./columns";

// The outbox: a finished mail with its cause. Written in the transaction of the cause (or of the digest's period), sent later;
// one mail per cause for ever. `sending` that never became `sent` is not sent again by itself: it may have left.
export const mails = pgTable(
  "mails",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    cause: text("cause").notNull(),
    template: text("template", { enum: ["earnings_digest", "payout_sent"] }).notNull(),
    affiliateId: text("affiliate_id").notNull(),
    recipient: text("recipient").notNull(),
    subject: text("subject").notNull(),
    html: text("html").notNull(),
    text: text("text").notNull(),
    state: text("state", { enum: ["queued", "sending", "sent", "failed", "unknown"] }).notNull(),
    tries: integer("tries").notNull().default(0),
    reason: text("reason"),
    /** When it was handed over, or last tried: the next try is counted from here. */
    sentAt: instant("sent_at"),
    eventAt: eventAt(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("mails_cause_once").on(t.orgId, t.cause),
    index("mails_queued").on(t.orgId, t.createdAt).where(sql`state in ('queued', 'sending')`),
    index("mails_newest").on(t.orgId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index("mails_of_affiliate").on(t.affiliateId, t.createdAt),
  ],
);
