import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import * as schema from "@/drizzle/schema";
import type { Tx } from "./database";
import type { OpenDatabase, PoolOptions } from "./open-database";
import { pgListener } from "./pg-listener";
import { poolDatabase } from "./pool-database";

/** A pool of node-postgres connections. Opens none by itself. */
export function openPostgres(options: PoolOptions): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: options.connectMsMax,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // What is sent without waiting for the answer before it leaves at once (asInboxOnce); all else waits by itself.
    pipeline: true,
    application_name: "tributary",
  });
  const listener = pgListener(options.url);
  return poolDatabase<pg.PoolClient>({
    kind: "postgres",
    place: options.place,
    pool,
    queryOf: (client) => (statement, parameters) => client.query(statement as string, parameters as unknown[]),
    drizzleOn: (client) => drizzle(client as unknown as pg.PoolClient, { schema }) as unknown as Tx,
    statementMsMax: options.statementMsMax,
    listen: listener.listen,
    closeListeners: listener.close,
  });
}
