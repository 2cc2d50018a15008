import type { ParsedRequest, Report } from "./network";

/** Says why a request cannot be read. Thrown deep inside a dialect and turned into an outcome by `readReports`;
 *  it never leaves this room. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** Runs a dialect's reading. Guarantees: returns, whatever the request holds; an error nobody foresaw becomes a reason
 *  too, so that the request is kept for a person instead of failing for ever. */
export function readReports(read: () => Report[]): ParsedRequest {
  try {
    return { kind: "reports", reports: read() };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: "unreadable", reason: error.message };
    return {
      kind: "unreadable",
      reason: `unforeseen while reading: ${error instanceof Error ? error.message : error}`,
    };
  }
}

/** Text of a request as it may be shown in a reason: quoted and short, since a hostile value may fill a request. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
