import { env } from "@/server/env";
import { Refusal } from "@/server/errors";
import { migrateDatabase } from "./migrate";
import { type OpenDatabase, openDatabase } from "./open-database";

/** `globalThis`, because Next loads instrumentation and routes as two module graphs of one process. */
const shelf = globalThis as typeof globalThis & {
  tributaryDatabase?: Promise<OpenDatabase>;
  tributaryIsLeaving?: boolean;
};

/** The database of this process, as the environment names it: opened and migrated at the first call, the same one ever after. A
 *  failed start is forgotten, so that a later call tries again.
 *  Errors: those of openDatabase, migrateDatabase and env; unavailable (after `refuseToOpen`). */
export function getDatabase(): Promise<OpenDatabase> {
  shelf.tributaryDatabase ??= open().catch((error) => {
    shelf.tributaryDatabase = undefined;
    throw error;
  });
  return shelf.tributaryDatabase;
}

/** From now on nothing opens the database again: the process is about to end. */
export function refuseToOpen(): void {
  shelf.tributaryIsLeaving = true;
}

/** Closes it, if it was ever opened. */
export async function closeDatabase(): Promise<void> {
  const opened = shelf.tributaryDatabase;
  shelf.tributaryDatabase = undefined;
  await (await opened)?.close();
}

async function open(): Promise<OpenDatabase> {
  if (shelf.tributaryIsLeaving) throw new Refusal("unavailable", "this process is stopping; try again in a moment");
  const { databaseUrl, databaseDriver, dataDir } = env();
  const database = await openDatabase({ url: databaseUrl, driver: databaseDriver, dataDir });
  try {
    await migrateDatabase(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
