import type { Env } from "@/server/env";

/** Which database the environment names, in words and without its password: a command that works on another one than was meant would
 *  report success all the same. */
export function placeOfDatabase({ databaseUrl, dataDir }: Pick<Env, "databaseUrl" | "dataDir">): string {
  if (databaseUrl === null) return `PGlite in ${dataDir}`;
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `Postgres ${hostname}:${port || "5432"}${pathname}`;
}
