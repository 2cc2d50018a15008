import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type DatabaseOptions, migrateDatabase, openDatabase } from "@/server/db";
import { type LedgerViolation, verifyLedger } from "@/server/ledger";
import { setUpOrganization } from "@/tests/support/organization";
import { startPostgres } from "@/tests/support/postgres-server";
import type { NextServer } from "./servers";

/** Members whom the loads name. */
export const AFFILIATES = 100;

/** A migrated database with one organization, made by the product's own verbs. */
export type BenchDatabase = {
  /** What the app needs to run on it. */
  readonly variables: Record<string, string>;
  readonly orgId: string;
  readonly postbackPath: string;
  readonly version: string;
  /** Rows of a statement, whoever has the database open. */
  ask<Row>(app: NextServer, statement: string): Promise<Row[]>;
  /** The books from their entries. The app is stopped. */
  verify(): Promise<LedgerViolation[]>;
  close(): Promise<void>;
};

const SECRET = "only for benchmarks on the loopback, never elsewhere";

/** Embedded PostgreSQL in processes of its own, syncing to disk as in production. */
export async function makePostgres(): Promise<BenchDatabase> {
  const server = await startPostgres({ durable: true });
  const adminUrl = new URL(server.adminUrl);
  adminUrl.pathname = new URL(server.url).pathname;
  // As superuser, whom row security does not bind.
  const judge = new pg.Client({ connectionString: adminUrl.href });
  await judge.connect();
  const options = { url: server.url };
  const { orgId, source, version } = await seed(options);
  return {
    variables: { TRIBUTARY_MODE: "production", DATABASE_URL: server.url, APP_SECRET: SECRET },
    orgId,
    postbackPath: `/api/postbacks/${source.token}`,
    version: `PostgreSQL ${version}`,
    ask: async <Row>(_app: NextServer, statement: string) => (await judge.query(statement)).rows as Row[],
    verify: () => verify(options, orgId),
    async close() {
      await judge.end();
      await server.stop();
    },
  };
}

/** PGlite on disk, in the app's own process. */
export async function makePglite(): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  const options = { dataDir };
  const { orgId, source, version } = await seed(options);
  return {
    variables: { TRIBUTARY_MODE: "test", TRIBUTARY_DATA_DIR: dataDir, APP_SECRET: SECRET },
    orgId,
    postbackPath: `/api/postbacks/${source.token}`,
    version: `PGlite (PostgreSQL ${version})`,
    ask: (app, statement) => app.ask(statement),
    verify: () => verify(options, orgId),
    close: async () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

async function seed(options: DatabaseOptions) {
  const database = await openDatabase(options);
  try {
    await migrateDatabase(database);
    const { orgId, source } = await setUpOrganization(database, new Date(), { affiliates: AFFILIATES });
    const answer = await database.asOwner((tx) => tx.execute("select current_setting('server_version') as version"));
    const [row] = (answer as unknown as { rows: { version: string }[] }).rows;
    return { orgId, source, version: row?.version ?? "unknown" };
  } finally {
    await database.close();
  }
}

async function verify(options: DatabaseOptions, orgId: string): Promise<LedgerViolation[]> {
  const database = await openDatabase(options);
  try {
    return await database.inOrganization(orgId, verifyLedger);
  } finally {
    await database.close();
  }
}
