import { Client, neonConfig, Pool, type PoolClient } from "@neondatabase/serverless";
import { drizzle } from "drizzle-orm/neon-serverless";
import ws from "ws";
import * as schema from "@/drizzle/schema";
import type { Tx } from "./database";
import type { OpenDatabase, PoolOptions } from "./open-database";
import { poolDatabase } from "./pool-database";

/** A pool over Neon's WebSocket driver (its HTTP driver has no interactive transactions, so it never sees money). Behind Neon's
 *  transaction pooler nothing outlives a transaction: no LISTEN, and migrations take the direct host. */
export function openNeon(options: PoolOptions): OpenDatabase {
  // Node 20 has no WebSocket of its own.
  neonConfig.webSocketConstructor = ws;
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: options.connectMsMax,
    idleTimeoutMillis: 30_000,
  });
  return poolDatabase<PoolClient>({
    kind: "neon",
    place: options.place,
    pool,
    queryOf: (client) => (statement, parameters) => client.query(statement as string, parameters as unknown[]),
    drizzleOn: (client) => drizzle(client as unknown as PoolClient, { schema }) as unknown as Tx,
    statementMsMax: options.statementMsMax,
    listen: async () => async () => undefined,
    closeListeners: async () => undefined,
    onDirectConnection: (work) => overDirectHost(options.url, work),
  });
}

async function overDirectHost<T>(url: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: directUrl(url) });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await (drizzle(client, { schema }) as unknown as Tx).transaction((tx) => work(tx as Tx));
  } finally {
    await client.end();
  }
}

/** Neon's pooled host is its direct host with `-pooler` after the endpoint's name. */
export function directUrl(url: string): string {
  const direct = new URL(url);
  direct.hostname = direct.hostname.replace(/^([^.]+)-pooler\./, "$1.");
  return direct.toString();
}
