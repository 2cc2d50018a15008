import { sql } from "drizzle-orm";
import { mayPass, type Tx } from "@/server/db";
import type { JobContext } from "@/server/inngest/client";
import { log } from "@/server/log";
import { checkAttempt } from "./check-attempt";
import { dueAttempts, nextDueAt } from "./due-attempts";

/** Attempts read for one round. */
const LOOKS_MAX = 100;
/** A round ends with the look that is under way then: a rail that answers slowly must not keep its run for ever. */
const ROUND_MS = 60_000;
/** What a fault of ours kept from being recorded is looked at again this much later, so that it stands in nobody's way. */
const POSTPONED_MS = 3_600_000;

/** One round of looks: how many, when it began and ended, and when the next attempt is due, in milliseconds; null: none waits. */
export type Round = { looks: number; beganMs: number; endedMs: number; nextMs: number | null };

/** Looks at the attempts of one organization that are due, one after the other, for about a minute at most. A look that cannot be recorded is
 *  logged and comes again in an hour; its neighbours get theirs.
 *  Errors: those of a database that is away, in a hurry or in its own way. */
export async function checkDueAttempts(
  context: Pick<JobContext, "database" | "rails" | "clock">,
  { orgId }: { orgId: string },
): Promise<Round> {
  const { database, rails, clock } = context;
  const beganMs = clock().getTime();
  const due = await database.inOrganization(orgId, (tx) => dueAttempts(tx, { rails, limit: LOOKS_MAX }, clock()));
  let looks = 0;
  for (const { attemptId } of due) {
    if (clock().getTime() - beganMs >= ROUND_MS) break;
    looks += 1;
    try {
      await checkAttempt(context, { orgId, attemptId });
    } catch (error) {
      if (mayPass(error)) throw error;
      log.error({ err: error, attemptId }, "a look at an attempt could not be recorded; the next one is in an hour");
      await database.inOrganization(orgId, (tx) => postpone(tx, attemptId, clock()));
    }
  }
  const next = await database.inOrganization(orgId, (tx) => nextDueAt(tx, { rails }));
  return { looks, beganMs, endedMs: clock().getTime(), nextMs: next?.getTime() ?? null };
}

async function postpone(tx: Tx, attemptId: string, now: Date): Promise<void> {
  const until = new Date(now.getTime() + POSTPONED_MS).toISOString();
  await tx.execute(
    sql`update attempts set next_check_at = ${until}::timestamptz where id = ${attemptId} and closed_at is null`,
  );
}
