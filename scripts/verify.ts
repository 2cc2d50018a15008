import { existsSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { migrateDatabase, type OpenDatabase, openDatabase, queryRows } from "@/server/db";
import { env } from "@/server/env";
import { Refusal, refusalIn } from "@/server/errors";
import { verifyLedger } from "@/server/ledger";
import { listOrganizationIds } from "@/server/organizations";
import { placeOfDatabase } from "./place-of-database";

// Recomputes the books of every organization from their entries and says what is wrong and where. Nothing to look at is no good news: it
// is the wrong database.
try {
  const place = placeOfDatabase(env());
  console.log(`Verifying ${place} …`);
  const database = await openExisting(place);
  try {
    process.exitCode = await verify(database, place);
  } finally {
    await database.close();
  }
} catch (error) {
  console.error(refusalIn(error)?.message ?? error);
  process.exit(1);
}

async function verify(database: OpenDatabase, place: string): Promise<0 | 1> {
  const orgIds = await database.asOwner(listOrganizationIds);
  if (orgIds.length === 0)
    throw new Refusal("not_found", `${place} has no organization: there are no books to verify.`);
  let wrong = 0;
  for (const orgId of orgIds) {
    for (const violation of await database.inOrganization(orgId, verifyLedger)) {
      wrong += 1;
      console.error(`${orgId}: ${violation.where}: ${violation.rule}; found ${violation.found}`);
    }
  }
  console.log(wrong === 0 ? `The books of ${orgIds.length} organizations agree.` : `${wrong} violations.`);
  return wrong === 0 ? 0 : 1;
}

/** Opens the database that the environment names and brings it up to date, but makes none: a dump restored elsewhere lacks the roles.
 *  Errors: not_found (there is none, or it holds no Tributary), those of openDatabase and migrateDatabase. */
async function openExisting(place: string): Promise<OpenDatabase> {
  const { databaseUrl: url, databaseDriver: driver, dataDir } = env();
  if (url === null && !existsSync(join(dataDir, "database"))) throw nothingIn(place);
  const database = await openDatabase({ url, driver, dataDir });
  try {
    const [table] = await database.asOwner((tx) =>
      queryRows<{ name: string | null }>(tx, sql`select to_regclass('organizations')::text as name`),
    );
    if (!table?.name) throw nothingIn(place);
    await migrateDatabase(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function nothingIn(place: string): Refusal {
  return new Refusal(
    "not_found",
    `${place} holds no database of Tributary: nothing was verified. Is DATABASE_URL right?`,
  );
}
