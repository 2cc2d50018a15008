import { index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, eventAt, instant, orgId } from "./columns";

// An affiliate's address for one destination. The redirect goes only where this row says.
export const links = pgTable(
  "links",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    programId: text("program_id").notNull(),
    sourceId: text("source_id").notNull(),
    affiliateId: text("affiliate_id").notNull(),
    slug: text("slug").notNull(),
    destinationUrl: text("destination_url").notNull(),
    /** The query parameter of the destination that takes our click id. */
    subIdParameter: text("sub_id_parameter").notNull(),
    endedAt: instant("ended_at"),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("links_slug_once").on(t.slug), index("links_of_affiliate").on(t.affiliateId)],
);

// One visit through a link. Inserted before the visitor is redirected; never changed.
export const clicks = pgTable(
  "clicks",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    linkId: text("link_id").notNull(),
    programId: text("program_id").notNull(),
    affiliateId: text("affiliate_id").notNull(),
    userAgent: text("user_agent"),
    referrer: text("referrer"),
    eventAt: eventAt(),
    createdAt: createdAt(),
  },
  (t) => [index("clicks_of_affiliate").on(t.affiliateId, t.eventAt)],
);
