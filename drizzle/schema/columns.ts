import { sql } from "drizzle-orm";
import { bigint, text, timestamp } from "drizzle-orm/pg-core";

/** The tenant of a row. The default is the transaction's own organization, and row-level security refuses any other. */
export const orgId = () => text("org_id").notNull().default(sql`current_setting('app.org_id')`);

/** When it happened in the world. */
export const eventAt = () => timestamp("event_at", { withTimezone: true }).notNull();

/** When we wrote it down. */
export const createdAt = () => timestamp("created_at", { withTimezone: true }).notNull().defaultNow();

export const instant = (name: string) => timestamp(name, { withTimezone: true });

/** An amount in minor units; its currency stands in a column beside it. */
export const minor = (name: string) => bigint(name, { mode: "bigint" });

/** A counter that may outgrow 2^31 but not 2^53: never money. */
export const counter = (name: string) => bigint(name, { mode: "number" });
