import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { sql } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { assertInvariant, Refusal } from "@/server/errors";
import type { Tx } from "./database";
import type { OpenDatabase } from "./open-database";
import { queryRows } from "./rows";
import { APP_ROLE, INBOX_ROLE } from "./session-settings";
import { sqlStateIn } from "./sql-state";

/** One number for "Tributary is migrating" among the advisory locks of a database. */
const MIGRATION_LOCK = 7_428_201;
const ROLES = [APP_ROLE, INBOX_ROLE];

/** Brings the roles and the schema up to date: all pending files of drizzle/migrations in one transaction, as the connecting
 *  user, under a transaction-level advisory lock, so that any number of processes may call it at once. Keeps Drizzle's own
 *  journal table (drizzle-kit reads it).
 *  Errors: unavailable (a role can be neither created nor assumed; the database cannot be reached). */
export async function migrateDatabase(database: OpenDatabase): Promise<void> {
  await ensureRoles(database);
  const files = readMigrationFiles({ migrationsFolder: migrationsFolder() });
  await database.onDirectConnection(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await tx.execute(sql`create schema if not exists drizzle`);
    await tx.execute(
      sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`,
    );
    const [last] = await queryRows<{ at: string | null }>(
      tx,
      sql`select max(created_at) as at from drizzle.__drizzle_migrations`,
    );
    for (const file of files.filter(({ folderMillis }) => folderMillis > Number(last?.at ?? 0))) {
      for (const statement of file.sql) await tx.execute(sql.raw(statement));
      await tx.execute(
        sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${file.hash}, ${file.folderMillis})`,
      );
    }
  });
}

/** Roles belong to the server, not to the database: a dump restored elsewhere has every table and no role. */
async function ensureRoles(database: OpenDatabase): Promise<void> {
  for (const role of ROLES) {
    if (await canAssume(database, role)) continue;
    await database.onDirectConnection((tx) => createRole(tx, role)).catch(ignoreLostRace);
    await database.onDirectConnection((tx) => grantRole(tx, role)).catch(ignoreLostRace);
    if (!(await canAssume(database, role))) throw await roleRefusal(database, role);
  }
}

async function canAssume(database: OpenDatabase, role: string): Promise<boolean> {
  try {
    await database.onDirectConnection((tx) => tx.execute(sql`select set_config('role', ${role}, true)`));
    return true;
  } catch (error) {
    // 22023: no such role; 42501: not a member.
    if (["22023", "42501"].includes(sqlStateIn(error) ?? "")) return false;
    throw error;
  }
}

async function createRole(tx: Tx, role: string): Promise<void> {
  await tx.execute(sql`create role ${sql.identifier(role)} nologin`);
}

async function grantRole(tx: Tx, role: string): Promise<void> {
  await tx.execute(sql`grant ${sql.identifier(role)} to current_user`);
}

/** Exists already (42710), created or granted by a neighbour this moment (23505, XX000), not allowed (42501) and so still missing
 *  (42704): what counts is whether the role can be assumed afterwards. */
function ignoreLostRace(error: unknown): void {
  if (!["42710", "42704", "23505", "42501", "XX000"].includes(sqlStateIn(error) ?? "")) throw error;
}

async function roleRefusal(database: OpenDatabase, role: string): Promise<Refusal> {
  const [row] = await database.onDirectConnection((tx) =>
    queryRows<{ name: string }>(tx, sql`select current_user::text as name`),
  );
  assertInvariant(row, "select current_user returned no row");
  return new Refusal(
    "unavailable",
    `the database user ${row.name} can neither create nor assume the role ${role}. As an administrator run: ` +
      `CREATE ROLE ${role} NOLOGIN; GRANT ${role} TO "${row.name}"; (leave out the first if the role exists)`,
  );
}

/** From source and from `next start` the project is the working folder; a script started elsewhere finds it upwards of itself. */
function migrationsFolder(): string {
  for (const start of [process.cwd(), dirname(process.argv[1] ?? "")]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, "drizzle", "migrations");
      if (existsSync(join(candidate, "meta", "_journal.json"))) return candidate;
      if (folder === dirname(folder)) break;
    }
  }
  throw new Refusal(
    "precondition_failed",
    `no drizzle/migrations at or above ${process.cwd()}: start Tributary in its folder`,
  );
}
