import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import { unreachable } from "@/server/errors";
import { type ClaimedMail, WAIT_MINUTES } from "./claim-mail";
import type { SendOutcome } from "./mail-transport";

/** Writes down what became of a claimed mail. What the server proved not to have taken is queued again, until its tries are used up; what
 *  it may have taken is `unknown` and is not sent again by itself. */
export async function recordSending(
  tx: Tx,
  input: { mail: Pick<ClaimedMail, "id" | "tries">; outcome: SendOutcome },
  now: Date,
): Promise<void> {
  const { state, reason, sentAt } = after(input.mail, input.outcome, now);
  // From `unknown` too: a sender that was slow, not dead, knows better.
  await tx.execute(
    sql`update mails set state = ${state}, reason = ${reason}, sent_at = ${sentAt}::timestamptz
        where id = ${input.mail.id} and state in ('sending', 'unknown')`,
  );
}

type After = { state: "queued" | "sent" | "failed" | "unknown"; reason: string | null; sentAt: string | null };

function after({ tries }: Pick<ClaimedMail, "tries">, outcome: SendOutcome, now: Date): After {
  const at = now.toISOString();
  switch (outcome.kind) {
    case "sent":
      return { state: "sent", reason: null, sentAt: at };
    case "refused":
      return { state: "failed", reason: outcome.reason, sentAt: null };
    case "deferred":
    case "unreachable":
      return tries < WAIT_MINUTES.length
        ? { state: "queued", reason: `try ${tries} of ${WAIT_MINUTES.length}: ${outcome.reason}`, sentAt: at }
        : { state: "failed", reason: `given up after ${tries} tries: ${outcome.reason}`, sentAt: null };
    case "unknown":
      return {
        state: "unknown",
        reason: `the connection broke while it was handed over: ${outcome.reason}`,
        sentAt: at,
      };
    default:
      return unreachable(outcome, "what became of a mail");
  }
}
