import { sql } from "drizzle-orm";
import { type Database, queryRows } from "@/server/db";
import type { Actor } from "./actor";
import { type Auth, authOf } from "./auth";
import type { OperatorRole } from "./rules/roles";

/** Who asks, from the session cookie; null when nobody is signed in, or the user belongs to nothing. With several memberships an
 *  operator's goes first, then the oldest. */
export async function getActor(
  database: Database,
  headers: Headers,
  auth: Auth = authOf(database),
): Promise<Actor | null> {
  if (!headers.get("cookie")?.includes("tributary.session_token")) return null;
  const session = await auth.api.getSession({ headers });
  if (!session) return null;
  const [row] = await database.asOwner((tx) =>
    queryRows<{ organization_id: string; role: OperatorRole | "affiliate"; affiliate_id: string | null }>(
      tx,
      sql`select organization_id, role, affiliate_id from memberships where user_id = ${session.user.id} and ended_at is null
          order by role = 'affiliate', created_at, id limit 1`,
    ),
  );
  if (!row) return null;
  const person = { userId: session.user.id, name: session.user.name, orgId: row.organization_id };
  if (row.role !== "affiliate") return { side: "operator", role: row.role, ...person };
  return row.affiliate_id === null ? null : { side: "affiliate", ...person, affiliateId: row.affiliate_id };
}
