import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { migrateDatabase } from "@/server/db";
import { openPglite } from "@/server/db/open-pglite";

const MIGRATIONS = "drizzle/migrations";
const CACHE = "node_modules/.cache/tributary";

/** The path of a dumped, migrated PGlite. Kept between runs under a name made of what it was made from; those of earlier migrations go. */
export async function migratedSnapshot(): Promise<string> {
  const path = join(CACHE, `pglite-${fingerprint()}.tar`);
  if (existsSync(path)) return path;
  const { database, pglite } = await openPglite({ dataDir: null, statementMsMax: 30_000 });
  await migrateDatabase(database);
  const dump = await pglite.dumpDataDir("none");
  await database.close();
  mkdirSync(CACHE, { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, Buffer.from(await dump.arrayBuffer()));
  renameSync(draft, path);
  removeOthers(path);
  return path;
}

/** Drafts stay: a neighbour may be writing one. */
function removeOthers(path: string): void {
  const others = readdirSync(CACHE).filter((name) => /^pglite-.*\.tar$/.test(name) && join(CACHE, name) !== path);
  for (const name of others) rmSync(join(CACHE, name), { force: true });
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const file of ["node_modules/@electric-sql/pglite/package.json", "server/db/migrate.ts"]) {
    hash.update(readFileSync(file));
  }
  for (const file of readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith(".sql"))
    .sort()) {
    hash.update(file).update(readFileSync(join(MIGRATIONS, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
