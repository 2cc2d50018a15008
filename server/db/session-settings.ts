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
  const settings = settingsOf(acting, statementMsMax);
  if (settings.length === 0) return undefined;
  const calls = settings.map(([name, value]) => sql`set_config(${name}, ${value}, true)`);
  return sql`select ${sql.join(calls, sql`, `)}`;
}

/** BEGIN and what `bindTransaction` does in one message: over a network each further message is a wait.
 *  Errors: invariant_broken (empty organization id). */
export function openingOf(acting: Acting, statementMsMax: number): string {
  // The owner holds the engine's locks: a process that froze in a transaction would stop all others for as long as its connection stands.
  if (acting.as === "owner") return `begin; set local idle_in_transaction_session_timeout = ${2 * statementMsMax}`;
  const calls = settingsOf(acting, statementMsMax).map(
    ([name, value]) => `set_config('${name}', '${value.replaceAll("'", "''")}', true)`,
  );
  return `begin; select ${calls.join(", ")}`;
}

function settingsOf(acting: Acting, statementMsMax: number): [name: string, value: string][] {
  if (acting.as === "owner") return [];
  const orgId = acting.as === "app" ? acting.orgId : "";
  // A connection that once had app.org_id set reads '' afterwards: an organization of that name would see strangers.
  assertInvariant(
    acting.as === "inbox" || orgId !== "",
    "a tenant transaction needs an organization id, got an empty one",
  );
  return [
    ["role", acting.as === "app" ? APP_ROLE : INBOX_ROLE],
    ["app.org_id", orgId],
    ["TimeZone", "UTC"],
    ["statement_timeout", String(statementMsMax)],
    ["idle_in_transaction_session_timeout", String(2 * statementMsMax)],
  ];
}
