import type { Database } from "@/server/db";
import { type Auth, authOf } from "./auth";

/** What of the sign-in library is open to the outside. The rest has no screen and nobody's decision: a person who renames himself would change whose
 *  name stands under what he approves. */
const OPEN_PATHS = ["/api/auth/sign-in/email", "/api/auth/sign-out"];

/** Answers a request to sign in or out; anything else is 404. */
export async function answerAuth(
  database: Database,
  request: Request,
  auth: Auth = authOf(database),
): Promise<Response> {
  if (request.method !== "POST" || !OPEN_PATHS.includes(new URL(request.url).pathname)) {
    return new Response("Not found\n", { status: 404 });
  }
  return auth.handler(request);
}
