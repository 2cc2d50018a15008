import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type * as schema from "@/drizzle/schema";

/** An open transaction: the only way a verb reaches the database. */
export type Tx = PgDatabase<PgQueryResultHKT, typeof schema>;

/** One open database, whatever runs it. All access is a transaction under a role that the transaction sets itself. */
export type Database = {
  readonly kind: "pglite" | "postgres" | "neon";
  /** As the application role inside one organization: row-level security admits only its rows.
   *  Runs `work` again (at most 3 times) when the database aborted it for a deadlock or serialization failure. */
  inOrganization<T>(orgId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** As the inbox role, before the organization is known: may look up a token or link and insert deliveries and clicks. */
  asInbox<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** `asInbox` for work of exactly one statement, which on node-postgres travels with its BEGIN and COMMIT: one wait instead of three.
   *  Errors besides those of the work: invariant_broken (a second statement; PGlite lets it pass). */
  asInboxOnce<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** As the owner of the schema: sign-in tables, engine tables, the list of organizations, migrations. Never tenant data. */
  asOwner<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Calls back on each NOTIFY of the channel where the driver can listen; a slow poll must stand under it.
   *  Returns the way to stop. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  /** What a server does by itself and PGlite does not: clears away dead rows of large tables and counts the living ones for the planner. */
  tidy(): Promise<void>;
  close(): Promise<void>;
};
