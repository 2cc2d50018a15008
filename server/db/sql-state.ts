import { refusalIn } from "@/server/errors";

/** The five-character SQLSTATE inside an error (also through `cause`), or undefined. */
export function sqlStateIn(error: unknown): string | undefined {
  return codesIn(error).find((code) => /^[0-9A-Z]{5}$/.test(code));
}

/** Whether the database itself undid the transaction because of a neighbour: running it again is safe. */
export function isAbortedByNeighbour(error: unknown): boolean {
  const state = sqlStateIn(error);
  return state === "40P01" || state === "40001";
}

/** Whether the connection, not the statement, failed: refused, cut, timed out, or the server going down. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlStateIn(error);
  if (state) return state.startsWith("08") || SERVER_GONE.has(state);
  return codesIn(error).some((code) => NETWORK_CODES.has(code)) || messagesIn(error).some((text) => GONE.test(text));
}

/** Whether the same work may succeed later as it is: the database was away, in a hurry or in one's own way. Such a failure says nothing about
 *  what was being worked on. */
export function mayPass(error: unknown): boolean {
  return refusalIn(error)?.code === "unavailable" || /^(40|53|55|57|58)/.test(sqlStateIn(error) ?? "");
}

/** Admin shutdown, crash, starting up, database dropped, too many clients, idle in transaction ended. */
const SERVER_GONE = new Set(["57P01", "57P02", "57P03", "57P04", "53300", "25P03"]);
const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
/** pg and Neon's driver report a lost connection only in words. */
const GONE = /connection terminated|connection ended|not queryable|timeout exceeded when trying to connect|websocket/i;

type Link = { code?: unknown; message?: unknown; cause?: unknown; errors?: unknown };

function codesIn(error: unknown): string[] {
  return chain(error).flatMap(({ code }) => (typeof code === "string" ? [code] : []));
}

function messagesIn(error: unknown): string[] {
  return chain(error).flatMap(({ message }) => (typeof message === "string" ? [message] : []));
}

/** The error and its causes; of an AggregateError (one per address tried) the first. Five levels, as causes may form a ring. */
function chain(error: unknown): Link[] {
  const links: Link[] = [];
  let current: unknown = error;
  while (current instanceof Object && links.length < 5) {
    const link = current as Link;
    links.push(link);
    current = link.cause ?? (Array.isArray(link.errors) ? link.errors[0] : undefined);
  }
  return links;
}
