import pg from "pg";
import { migrateDatabase, openDatabase } from "@/server/db";
import { startPostgres } from "@/tests/support/postgres-server";
import { until } from "./until";

/** A migrated Postgres of a proof's own, which syncs to disk as in production. */
export type ProofPostgres = {
  /** For the product. */
  readonly url: string;
  readonly version: string;
  /** The judge's own connections, as superuser: row security does not bind it. Rows as pg gives them. Asks again after a lost connection,
   *  so what it asks must bear to be said twice. */
  ask<Row extends Record<string, unknown>>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Ends the judge's connections and the server. */
  close(): Promise<void>;
};

/** Starts one. Errors: those of initdb, postgres and the migrations. */
export async function startProofPostgres(): Promise<ProofPostgres> {
  const server = await startPostgres({ durable: true });
  const database = await openDatabase({ url: server.url });
  await migrateDatabase(database);
  await database.close();
  const adminUrl = new URL(server.adminUrl);
  adminUrl.pathname = new URL(server.url).pathname;
  const judge = new pg.Pool({ connectionString: adminUrl.href, application_name: "judge", max: 3 });
  // Proofs end connections on purpose; the pool opens others.
  judge.on("error", () => undefined);
  const ask: ProofPostgres["ask"] = (statement, parameters = []) =>
    until(`an answer to the judge's ${statement.slice(0, 60)}`, async () => {
      try {
        return (await judge.query(statement, [...parameters])).rows;
      } catch (error) {
        if (isFromServer(error)) throw error;
        return undefined;
      }
    });
  const [row] = await ask<{ version: string }>("select current_setting('server_version') as version");
  return {
    url: server.url,
    version: row?.version ?? "unknown",
    ask,
    async close() {
      await judge.end();
      await server.stop();
    },
  };
}

/** Whether the server judged the statement, not that the connection or the server went away meanwhile. */
function isFromServer(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && !/^(?:57P|08)/.test(code);
}
