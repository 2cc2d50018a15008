import { closeDatabase, getDatabase } from "@/server/db";
import { refusalIn } from "@/server/errors";

// Brings the schema up to date and ends. Starting the app does the same.
try {
  const database = await getDatabase();
  await closeDatabase();
  console.log(`The ${database.kind} database is up to date.`);
} catch (error) {
  console.error(refusalIn(error)?.message ?? error);
  process.exit(1);
}
