import type { JobContext } from "@/server/inngest/client";
import { dueAttempts } from "./due-attempts";
import { recordCheck } from "./record-check";
import { submitAttempt } from "./submit-attempt";

/** Asks the rail what became of an attempt that is due: by the provider's id where we have it, else by sending the identical bytes under the same
 *  key, which is the look-up for a lost answer. Does nothing when it is not due any more.
 *  Errors: those of the database; never what the rail does. */
export async function checkAttempt(
  context: Pick<JobContext, "database" | "rails" | "clock">,
  input: { orgId: string; attemptId: string },
): Promise<void> {
  const { database, rails, clock } = context;
  const { orgId, attemptId } = input;
  const [due] = await database.inOrganization(orgId, (tx) =>
    dueAttempts(tx, { rails, limit: 1, onlyId: attemptId }, clock()),
  );
  if (!due) return;
  if (due.look === null) {
    await submitAttempt(context, input);
    return;
  }
  const rail = rails.find(({ name }) => name === due.rail);
  if (!rail) return;
  const outcome = await rail.lookUp(due.look.providerBatchId);
  await database.inOrganization(orgId, (tx) => recordCheck(tx, { attemptId, outcome }, clock()));
}
