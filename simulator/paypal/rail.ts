import type { Fee, Reply } from "./answers";
import { errorReply } from "./answers";
import type { Books } from "./books";
import type { Clock } from "./clock";
import type { Fault, Faults } from "./faults";
import type { Delays } from "./lives";

/** Everything one running PayPal consists of. */
export type PayPalRail = {
  readonly books: Books;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly delays: Delays;
  readonly fee: Fee;
  readonly seed: number;
  /** `replay`: as documented, a known PayPal-Request-Id answers as before. `ignored`: as seen in PayPal's sandbox,
   *  where only sender_batch_id protects. */
  readonly requestIds: "replay" | "ignored";
  /** Minor units at hand per currency, before what the books say was taken; a currency not listed never runs dry. */
  readonly balances: Map<string, bigint>;
  readonly clientId: string;
  readonly clientSecret: string;
};

/** One request, as far as an operation needs it. `base` is this server's own address as the caller wrote it. */
export type Call = {
  readonly base: string;
  readonly body: Buffer;
  readonly requestId: string | null;
  readonly query: URLSearchParams;
};

/** Records that a fault really met something; the figures count these. */
export function recordHit(rail: PayPalRail, fault: Fault, on: string): void {
  rail.books.write({ kind: "fault", at: rail.clock.now().toISOString(), fault: fault.kind, on });
}

/** How a fault answers that strikes before anything was booked. */
export function replyBefore(fault: Fault): Reply {
  switch (fault.kind) {
    case "timeout-before":
      return { silence: fault.hang ?? "hold" };
    case "429":
      return errorReply(429, "RATE_LIMIT_REACHED", "Too many requests. Blocked due to rate limiting.", {
        headers: { "retry-after": String(fault.retryAfterSec ?? 1) },
      });
    case "insufficient-funds":
      return insufficientFunds();
    default:
      return internalError();
  }
}

/** The 422 of a batch larger than the balance. */
export function insufficientFunds(): Reply {
  return errorReply(
    422,
    "INSUFFICIENT_FUNDS",
    "Sender does not have sufficient funds. Please add funds and retry the request.",
  );
}

/** The 500 that says nothing about what happened. */
export function internalError(): Reply {
  return errorReply(500, "INTERNAL_ERROR", "An internal service error has occurred.");
}

/** The same answer, cut in the middle: no longer JSON. */
export function malformed(status: number, body: unknown): Reply {
  const text = JSON.stringify(body);
  return { status, raw: text.slice(0, Math.ceil(text.length / 2)) };
}
