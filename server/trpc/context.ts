import { getActor } from "@/server/access";
import { getDatabase } from "@/server/db";
import { env } from "@/server/env";
import { sendEvent } from "@/server/inngest/send";
import { connectedRails } from "@/server/rails-of-env";
import type { Context } from "./init";

/** What a procedure is given, from the headers of the request that called it (or of the page being rendered).
 *  Errors: those of getDatabase. */
export async function createContext(headers: Headers): Promise<Context> {
  const database = await getDatabase();
  const actor = await getActor(database, headers);
  return { actor, database, clock: () => new Date(), rails: connectedRails(env()), send: sendEvent };
}
