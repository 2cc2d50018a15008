import { sql } from "drizzle-orm";
import { connection } from "next/server";
import { boot } from "@/server/boot";

/** Whether the process can do its work: the database answers and the functions are registered. */
export async function GET(): Promise<Response> {
  await connection();
  try {
    const { database } = await boot();
    await database.asOwner((tx) => tx.execute(sql`select 1`));
    return Response.json({ status: "ready", database: database.kind });
  } catch {
    return Response.json({ status: "not ready" }, { status: 503, headers: { "retry-after": "5" } });
  }
}
