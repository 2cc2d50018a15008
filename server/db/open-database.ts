import { sql } from "drizzle-orm";
import { Refusal } from "@/server/errors";
import type { Database, Tx } from "./database";
import { queryRows } from "./rows";

export type DatabaseOptions = {
  /** `postgres://…`. Without one: PGlite. */
  url?: string | null;
  /** Overrides the choice by host: any `*.neon.tech` is Neon. */
  driver?: "pg" | "neon" | null;
  /** PGlite only: the folder whose `database/` holds it. Without one: in memory. */
  dataDir?: string | null;
  /** PGlite only: a dump to start from instead of an empty database. */
  snapshot?: Blob;
  /** Connections at most (10). */
  poolSize?: number;
  /** A statement inside an organization or the inbox is cancelled after this long (30 s). */
  statementMsMax?: number;
  /** Waiting for a connection, also for a free one of the pool (10 s). */
  connectMsMax?: number;
};

/** A Database and the connection that migrations use. */
export type OpenDatabase = Database & {
  /** As the owner, in one transaction, beside any pooler. */
  onDirectConnection<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
};

export type PoolOptions = {
  url: string;
  place: string;
  poolSize: number;
  statementMsMax: number;
  connectMsMax: number;
};

/** The migrations ask pg_has_role(…, 'SET'), which PostgreSQL knows since 16. */
const OLDEST_VERSION = 160_000;

/** Opens the database that the options name and asks it one question. Does not migrate.
 *  Errors: unavailable (cannot be reached, too old), conflict (PGlite's folder is open elsewhere), invalid_input (url). */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const statementMsMax = options.statementMsMax ?? 30_000;
  if (!options.url) {
    const { openPglite } = await import("./open-pglite");
    const opened = await openPglite({ dataDir: options.dataDir ?? null, snapshot: options.snapshot, statementMsMax });
    return opened.database;
  }
  const pool = {
    url: options.url,
    place: placeOf(options.url),
    poolSize: options.poolSize ?? 10,
    statementMsMax,
    connectMsMax: options.connectMsMax ?? 10_000,
  };
  const database = isNeon(options)
    ? (await import("./open-neon")).openNeon(pool)
    : (await import("./open-postgres")).openPostgres(pool);
  try {
    refuseOldServer(await serverVersion(database), pool.place);
  } catch (error) {
    await database.close();
    throw notOpened(error, pool.place);
  }
  return database;
}

function isNeon({ url, driver }: DatabaseOptions): boolean {
  if (driver) return driver === "neon";
  return new URL(url ?? "").hostname.endsWith(".neon.tech");
}

async function serverVersion(database: Database): Promise<number> {
  const [row] = await database.asOwner((tx) =>
    queryRows<{ version: number }>(tx, sql`select current_setting('server_version_num')::int as version`),
  );
  return row?.version ?? 0;
}

function refuseOldServer(version: number, place: string): void {
  if (version >= OLDEST_VERSION) return;
  throw new Refusal(
    "unavailable",
    `the database ${place} is PostgreSQL ${Math.floor(version / 10_000)}: use 16 or newer`,
  );
}

/** Whatever kept a database from opening (refused, wrong password, unknown name) in the driver's words, with the place. */
function notOpened(error: unknown, place: string): unknown {
  let reason = error as { message?: string; code?: string; cause?: unknown; errors?: unknown[] };
  while (reason.cause instanceof Error) reason = reason.cause;
  if (reason instanceof Refusal) return reason;
  const words = reason.message || reason.code || "no reason given";
  return new Refusal("unavailable", `the database ${place} cannot be opened (${words}): check DATABASE_URL`, {
    cause: error,
  });
}

function placeOf(url: string): string {
  if (!URL.canParse(url))
    throw new Refusal("invalid_input", "DATABASE_URL is not a URL like postgres://user:password@host/name");
  const { hostname, port, pathname } = new URL(url);
  return `${pathname.slice(1)} at ${hostname}:${port || "5432"}`;
}
