import { Refusal } from "@/server/errors";
import { log } from "@/server/log";
import type { Database, Tx } from "./database";
import type { OpenDatabase } from "./open-database";
import { retryAborted } from "./retry-aborted";
import { type Acting, openingOf } from "./session-settings";
import { isConnectionLost } from "./sql-state";
import { type Query, type StatementWatch, watchStatements } from "./watch-statements";

/** What pg's and Neon's pools have in common. */
export type Pool<Client extends PooledClient> = {
  connect(): Promise<Client>;
  end(): Promise<void>;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "connect", listener: (client: Client) => void): unknown;
};

export type PooledClient = {
  release(destroy?: boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
};

export type PoolParts<Client extends PooledClient> = {
  kind: "postgres" | "neon";
  /** Host, port and name; no password. */
  place: string;
  pool: Pool<Client>;
  queryOf(client: Client): Query;
  /** Drizzle over an object that has only `query`. */
  drizzleOn(client: { query: Query }): Tx;
  statementMsMax: number;
  listen: Database["listen"];
  onDirectConnection?: OpenDatabase["onDirectConnection"];
  closeListeners(): Promise<void>;
};

type Watched = { watch: StatementWatch; db: Tx };

/** A Database over a pool of connections. A lost connection is a Refusal `unavailable`, never a crash, and the pool heals by
 *  itself when the database is back. */
export function poolDatabase<Client extends PooledClient>(parts: PoolParts<Client>): OpenDatabase {
  surviveRestarts(parts);
  // Kept per connection: Drizzle reads the whole schema each time it is set up.
  const known = new WeakMap<Client, Watched>();
  const watched = (client: Client): Watched => {
    const found = known.get(client) ?? watchClient(parts, client);
    known.set(client, found);
    return found;
  };
  const run = <T>(acting: Acting, work: (tx: Tx) => Promise<T>, isSingle = false): Promise<T> => {
    const opening = openingOf(acting, parts.statementMsMax);
    return retryAborted(() => transactOnce(parts, watched, { opening, isSingle }, work));
  };
  return {
    kind: parts.kind,
    inOrganization: (orgId, work) => run({ as: "app", orgId }, work),
    asInbox: (work) => run({ as: "inbox" }, work),
    asInboxOnce: (work) => run({ as: "inbox" }, work, true),
    asOwner: (work) => run({ as: "owner" }, work),
    onDirectConnection: parts.onDirectConnection ?? ((work) => run({ as: "owner" }, work)),
    listen: parts.listen,
    tidy: async () => {},
    async close() {
      await parts.closeListeners();
      await parts.pool.end();
    },
  };
}

function watchClient<Client extends PooledClient>(parts: PoolParts<Client>, client: Client): Watched {
  const watch = watchStatements(parts.queryOf(client));
  return { watch, db: parts.drizzleOn({ query: watch.query }) };
}

/** An `error` event without a listener ends the process: a restart of the database raises one on every connection, idle (the
 *  pool's event) or checked out (the client's own). The query at work gets its error separately. */
function surviveRestarts<Client extends PooledClient>({ pool, place }: PoolParts<Client>): void {
  pool.on("error", (error) => log.warn({ reason: error.message }, `an idle connection to ${place} was lost`));
  pool.on("connect", (client) => client.on("error", () => undefined));
}

async function transactOnce<Client extends PooledClient, T>(
  { pool, place }: PoolParts<Client>,
  watched: (client: Client) => Watched,
  { opening, isSingle }: { opening: string; isSingle: boolean },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error) => {
    throw asRefusal(error, `the database ${place} cannot be reached`);
  });
  // Drizzle's transaction on a pool would lose the client when BEGIN fails, and would report a failed ROLLBACK instead of the
  // failure before it: so the client is ours, and so is the first failure.
  let failed: { error: unknown } | undefined;
  let hasBegun = isSingle;
  let isClean = false;
  const { db, watch } = watched(client);
  watch.reset(opening, isSingle);
  try {
    const watchedWork = async (tx: unknown): Promise<T> => {
      hasBegun = true;
      try {
        const value = await work(tx as Tx);
        await watch.refuseSwallowed();
        return value;
      } catch (error) {
        failed = { error };
        throw error;
      }
    };
    const result = await (isSingle ? watchedWork(db) : db.transaction(watchedWork));
    isClean = true;
    return result;
  } catch (error) {
    // Drizzle throws the failure of `work` itself only after a ROLLBACK that succeeded; a single statement travels with its COMMIT.
    isClean = failed !== undefined && failed.error === error && !(isSingle && isConnectionLost(error));
    if (failed && !isSingle)
      throw asRefusal(failed.error, `the connection to ${place} was lost; this transaction was undone`);
    if (!hasBegun) throw asRefusal(error, `the connection to ${place} was lost before anything was done`);
    throw asRefusal(error, `the connection to ${place} was lost; whether this transaction was committed is unknown`);
  } finally {
    client.release(!isClean);
  }
}

function asRefusal(error: unknown, what: string): unknown {
  return isConnectionLost(error) ? new Refusal("unavailable", what, { cause: error }) : error;
}
