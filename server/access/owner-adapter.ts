import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { credentials, sessions, users, verifications } from "@/drizzle/schema";
import type { Database } from "@/server/db";

const tables = { user: users, session: sessions, account: credentials, verification: verifications };

type Factory = ReturnType<typeof drizzleAdapter>;
type Adapter = ReturnType<Factory>;

/** The sign-in library's way to its tables: each call is a short transaction of the schema's owner, because people sign in before
 *  any organization is known. Never one transaction around several calls: the library hashes passwords in between, and PGlite
 *  would stand still meanwhile. */
export function ownerAdapter(database: Database): Factory {
  return (options) => {
    const over = (connection: Parameters<typeof drizzleAdapter>[0]): Adapter =>
      drizzleAdapter(connection, { provider: "pg", schema: tables, transaction: false })(options);
    const owned =
      <Input, Output>(call: (adapter: Adapter, input: Input) => Promise<Output>) =>
      (input: Input): Promise<Output> =>
        database.asOwner((tx) => call(over(tx), input));
    const adapter = {
      ...over({}),
      create: owned((a, input: Parameters<Adapter["create"]>[0]) => a.create(input)),
      findOne: owned((a, input: Parameters<Adapter["findOne"]>[0]) => a.findOne(input)),
      findMany: owned((a, input: Parameters<Adapter["findMany"]>[0]) => a.findMany(input)),
      count: owned((a, input: Parameters<Adapter["count"]>[0]) => a.count(input)),
      update: owned((a, input: Parameters<Adapter["update"]>[0]) => a.update(input)),
      updateMany: owned((a, input: Parameters<Adapter["updateMany"]>[0]) => a.updateMany(input)),
      delete: owned((a, input: Parameters<Adapter["delete"]>[0]) => a.delete(input)),
      deleteMany: owned((a, input: Parameters<Adapter["deleteMany"]>[0]) => a.deleteMany(input)),
      consumeOne: owned((a, input: Parameters<Adapter["consumeOne"]>[0]) => a.consumeOne(input)),
      incrementOne: owned((a, input: Parameters<Adapter["incrementOne"]>[0]) => a.incrementOne(input)),
      transaction: (work: (trx: Adapter) => Promise<unknown>) => work(adapter),
    } as Adapter;
    return adapter;
  };
}
