export type { Database, Tx } from "./database";
export { migrateDatabase } from "./migrate";
export { closeDatabase, getDatabase, refuseToOpen } from "./one-database";
export { type DatabaseOptions, type OpenDatabase, openDatabase } from "./open-database";
export { jsonRows, queryRows } from "./rows";
export { mayPass, sqlStateIn } from "./sql-state";
