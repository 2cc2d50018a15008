import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { migrateDatabase, openDatabase } from "@/server/db";
import { migratedSnapshot } from "./pglite-snapshot";
import { type PostgresServer, startPostgres } from "./postgres-server";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the test files of a run ask for what they share. */
    houseUrl: string;
  }
}

/** What the files of a vitest run share, made when the first of them asks: one Postgres with a migrated template, one PGlite
 *  snapshot. A run of pure rules starts neither. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let postgres: Promise<PostgresServer> | undefined;
  let snapshot: Promise<string> | undefined;
  const answer = async (path: string): Promise<string> => {
    if (path === "/snapshot") {
      snapshot ??= migratedSnapshot();
      return snapshot;
    }
    postgres ??= migratedPostgres();
    return String((await postgres).port);
  };
  const server = createServer((request, response) => {
    // A test busy on this thread for seconds would ask next on a connection that has been closed for idleness.
    response.shouldKeepAlive = false;
    answer(request.url ?? "").then(
      (text) => response.end(text),
      (error) => response.writeHead(500).end(String(error instanceof Error ? error.stack : error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("houseUrl", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    await (await postgres?.catch(() => undefined))?.stop();
  };
}

async function migratedPostgres(): Promise<PostgresServer> {
  const server = await startPostgres({ durable: false });
  const database = await openDatabase({ url: await server.createDatabase("tributary_template") });
  await migrateDatabase(database);
  await database.close();
  return server;
}
