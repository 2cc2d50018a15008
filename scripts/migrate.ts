import { closeDatabase, getDatabase } from "@/server/db";
import { env } from "@/server/env";
import { refusalIn } from "@/server/errors";
import { placeOfDatabase } from "./place-of-database";

// Brings the schema up to date and ends. Starting the app does the same.
try {
  const place = placeOfDatabase(env());
  await getDatabase();
  await closeDatabase();
  console.log(`${place} is up to date.`);
} catch (error) {
  console.error(refusalIn(error)?.message ?? error);
  process.exit(1);
}
