import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PGlite, type QueryOptions, types } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import * as schema from "@/drizzle/schema";
import type { Tx } from "./database";
import { lockFolder } from "./folder-lock";
import type { OpenDatabase } from "./open-database";
import { retryAborted } from "./retry-aborted";
import { type Acting, bindTransaction } from "./session-settings";
import { type Query, watchStatements } from "./watch-statements";

const asText = (value: string) => value;

/** Beyond the safe integers a number would lose cents: int8 and numeric stay text, as on the other drivers. */
const parsers = { [types.INT8]: asText, [types.NUMERIC]: asText };

/** Smaller tables are left alone: what is counted while a table is nearly empty misleads the planner for as long as it grows (ten times slower
 *  under load, measured), and without a count it goes by the table's size. */
const TIDY_BYTES_MIN = 256 * 1024;

/** Postgres inside this process: in `<dataDir>/database` under the folder's lock, or in memory; a snapshot (of
 *  `dumpDataDir`) saves the slow first start. It runs on the calling thread and serves one transaction at a time: a
 *  second query outside the open `tx` waits for ever.
 *  Errors: conflict (the folder is open in another process). */
export async function openPglite(options: {
  dataDir: string | null;
  snapshot?: Blob;
  statementMsMax: number;
}): Promise<{ database: OpenDatabase; pglite: PGlite }> {
  const { dataDir, snapshot } = options;
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const lock = dataDir ? lockFolder(dataDir) : undefined;
  try {
    const pglite = await PGlite.create({
      ...(dataDir ? { dataDir: join(dataDir, "database") } : {}),
      ...(snapshot ? { loadDataDir: snapshot } : {}),
      parsers,
    });
    return { database: overPglite(pglite, options.statementMsMax, () => lock?.release()), pglite };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function overPglite(pglite: PGlite, statementMsMax: number, release: () => void): OpenDatabase {
  const db = drizzle(watched(pglite), { schema });
  const run = <T>(acting: Acting, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const binding = bindTransaction(acting, statementMsMax);
    return retryAborted(() =>
      db.transaction(async (transaction) => {
        const tx = transaction as unknown as Tx;
        if (binding) await tx.execute(binding);
        return work(tx);
      }),
    );
  };
  return {
    kind: "pglite",
    inOrganization: (orgId, work) => run({ as: "app", orgId }, work),
    asInbox: (work) => run({ as: "inbox" }, work),
    asInboxOnce: (work) => run({ as: "inbox" }, work),
    asOwner: (work) => run({ as: "owner" }, work),
    onDirectConnection: (work) => run({ as: "owner" }, work),
    listen: async (channel, onNotify) => {
      const stop = await pglite.listen(channel, onNotify);
      return () => stop();
    },
    async tidy() {
      const { rows } = await pglite.query<{ name: string }>(
        "select oid::regclass::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > $1",
        [TIDY_BYTES_MIN],
      );
      // One by one, so that others have their turn in between.
      for (const { name } of rows) await pglite.exec(`vacuum (analyze) ${name}`);
    },
    async close() {
      await pglite.close();
      release();
    },
  };
}

/** What Drizzle needs of a PGlite: its transactions, each with its statements watched. */
function watched(pglite: PGlite): PGlite {
  const transaction = <T>(work: (inner: { query: Query }) => Promise<T>): Promise<T> =>
    pglite.transaction(async (inner) => {
      const watch = watchStatements((statement, parameters, options) =>
        inner.query(statement as string, parameters as unknown[], options as QueryOptions),
      );
      const result = await work({ query: watch.query });
      await watch.refuseSwallowed();
      return result;
    });
  return { transaction } as unknown as PGlite;
}
