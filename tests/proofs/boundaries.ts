/** The moments of a payout's life at which a process is killed, in the order in which a payout meets them. */
export const BOUNDARIES = [
  "claim, before its commit",
  "claim, after its commit",
  "bytes taken, after the commit",
  "request, before it is sent",
  "request, after its answer",
  "result, before its commit",
  "result, after its commit",
  "checkpoint after a request, after its commit",
  "look-up, after its answer",
  "settlement, before its commit",
  "settlement, after its commit",
] as const;

export type Boundary = (typeof BOUNDARIES)[number];

/** One death: at the n-th time a process meets the boundary. */
export type Death = { readonly boundary: Boundary; readonly nth: number };

/** What a process under proof writes down, one JSON line each. */
export type Trace =
  | { kind: "sent"; pid: number }
  /** Its last line. `engine`: the name under which the dead process held its leases. */
  | { kind: "died"; pid: number; boundary: Boundary; engine: string | null };
