/** What a refusal is about. Routes and tRPC translate the code; `instanceof` is not reliable because Next
 *  loads instrumentation and routes as two module graphs. */
export type RefusalCode =
  | "not_found"
  | "forbidden"
  | "invalid_input"
  | "conflict"
  | "precondition_failed"
  | "limit_exceeded"
  | "unavailable"
  | "currency_mismatch"
  | "invariant_broken";

/** A refusal that names the thing, the value and the rule. Its message may be shown to the caller. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "Refusal";
    this.code = code;
  }
}

/** The refusal inside an unknown error (also through `cause`), or undefined. Recognised by shape, not by class. */
export function refusalIn(error: unknown): { code: RefusalCode; message: string } | undefined {
  for (let current = error, depth = 0; current instanceof Object && depth < 5; depth++) {
    const candidate = current as { name?: unknown; code?: unknown; message?: unknown; cause?: unknown };
    if (candidate.name === "Refusal" && typeof candidate.code === "string") {
      return { code: candidate.code as RefusalCode, message: String(candidate.message) };
    }
    current = candidate.cause;
  }
  return undefined;
}

/** States what must be true; a failure is a bug of ours, never the caller's fault.
 *  Errors: invariant_broken. */
export function assertInvariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Refusal("invariant_broken", message);
}

/** Ends an exhaustive switch. Errors: invariant_broken. */
export function unreachable(value: never, what: string): never {
  throw new Refusal("invariant_broken", `${what}: no case for ${JSON.stringify(value)}`);
}
