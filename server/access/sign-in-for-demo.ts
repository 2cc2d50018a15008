import { sql } from "drizzle-orm";
import { type Database, queryRows } from "@/server/db";
import { env } from "@/server/env";
import { Refusal } from "@/server/errors";
import type { Actor } from "./actor";
import { authOf } from "./auth";
import { type DemoSignInVerdict, demoSignIn } from "./rules/demo-sign-in";

/** Starts a session of the demo's first operator, or of its first affiliate. Returns the cookies to set.
 *  Errors: forbidden (with the rule's reason), not_found (the demo has no such user). */
export async function signInForDemo(database: Database, side: Actor["side"], headers: Headers): Promise<string[]> {
  const verdict = await mayUseDemoSignIn(database, headers);
  if (verdict.kind === "refused") throw new Refusal("forbidden", verdict.reason);
  const [row] = await database.asOwner((tx) =>
    queryRows<{ user_id: string }>(
      tx,
      sql`select user_id from memberships where (role = 'affiliate') = ${side === "affiliate"} and ended_at is null order by created_at, id limit 1`,
    ),
  );
  if (!row) throw new Refusal("not_found", `the demo has no ${side} to sign in as`);
  const answer = await authOf(database).api.startSession({
    body: { userId: row.user_id },
    headers,
    returnHeaders: true,
  });
  return answer.headers.getSetCookie();
}

/** The rule of one-click sign-in, asked for this request. The sign-in page shows the buttons only when it says allowed. */
export async function mayUseDemoSignIn(database: Database, headers: Headers): Promise<DemoSignInVerdict> {
  const { mode, databaseUrl } = env();
  return demoSignIn({
    mode,
    hasDatabaseUrl: databaseUrl !== null,
    isMarkedDemo: mode === "demo" && (await isMarkedDemo(database)),
    host: headers.get("host"),
    forwardedFor: headers.get("x-forwarded-for"),
    origin: headers.get("origin"),
  });
}

async function isMarkedDemo(database: Database): Promise<boolean> {
  const rows = await database.asOwner((tx) =>
    queryRows(tx, sql`select key from installation where key = 'demo' and value = 'true'`),
  );
  return rows.length > 0;
}
