import { type SQL, sql } from "drizzle-orm";
import { assertInvariant } from "@/server/errors";

/** The roles that transactions assume. Neither logs in, owns a table nor bypasses row security. */
export const APP_ROLE = "tributary_app";
export const INBOX_ROLE = "tributary_inbox";

export type Acting = { as: "owner" } | { as: "inbox" } | { as: "app"; orgId: string };

/** One statement that binds the open transaction to its role, organization, UTC and time limits; undefined for the owner, who
 *  keeps what the connection has. All of it is local to the transaction, so it works behind a transaction pooler and
 *  nothing leaks to the next user of the connection.
 *  Errors: invariant_broken (empty organization id). */
export function bindTransaction(acting: Acting, statementMsMax: number): SQL | undefined {
  if (acting.as === "owner") return undefined;
  const role = acting.as === "app" ? APP_ROLE : INBOX_ROLE;
  const orgId = acting.as === "app" ? acting.orgId : "";
  // A connection that once had app.org_id set reads '' afterwards: an organization of that name would see strangers.
  assertInvariant(
    acting.as === "inbox" || orgId !== "",
    "a tenant transaction needs an organization id, got an empty one",
  );
  return sql`select set_config('role', ${role}, true), set_config('app.org_id', ${orgId}, true),
    set_config('TimeZone', 'UTC', true), set_config('statement_timeout', ${String(statementMsMax)}, true),
    set_config('idle_in_transaction_session_timeout', ${String(2 * statementMsMax)}, true)`;
}
