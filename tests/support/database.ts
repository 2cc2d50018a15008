import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import pg from "pg";
import { inject } from "vitest";
import { type DatabaseOptions, type OpenDatabase, openDatabase } from "@/server/db";
import { startNeonRelay } from "./neon-relay";

export type TestDatabase = {
  database: OpenDatabase;
  /** null on PGlite; else for a second connection or process. */
  url: string | null;
  close(): Promise<void>;
};

/** A migrated, empty database of its own for one test file or test: PGlite in memory, the run's Postgres, or that Postgres through
 *  Neon's driver. Connected as `tributary`, which row security binds (PGlite's owner is a superuser). */
export async function openTestDatabase(
  kind: "pglite" | "postgres" | "neon",
  options: Pick<DatabaseOptions, "poolSize" | "statementMsMax"> = {},
): Promise<TestDatabase> {
  if (kind === "pglite") {
    const snapshot = new Blob([readFileSync(await askHouse("/snapshot"))]);
    const database = await openDatabase({ snapshot, ...options });
    return { database, url: null, close: () => database.close() };
  }
  const port = Number(await askHouse("/postgres"));
  const name = `test_${randomBytes(6).toString("hex")}`;
  await administer(port, `create database ${name} template tributary_template owner tributary`);
  const relay = kind === "neon" ? await startNeonRelay(port) : undefined;
  const url = `postgres://tributary@127.0.0.1:${port}/${name}`;
  const database = await openDatabase({ url, driver: kind === "neon" ? "neon" : "pg", ...options });
  return {
    database,
    url,
    async close() {
      await database.close();
      await relay?.close();
      await administer(port, `drop database ${name} with (force)`);
    },
  };
}

async function askHouse(path: string): Promise<string> {
  const response = await fetch(inject("houseUrl") + path);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

async function administer(port: number, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `postgres://postgres@127.0.0.1:${port}/postgres` });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
