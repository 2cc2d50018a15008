import type { JobContext } from "@/server/inngest/client";
import { type RecordedSubmission, recordSubmission } from "./record-submission";
import { takeSubmission } from "./take-submission";

/** Sends the frozen bytes of an attempt: takes them, sends them outside any transaction, records the answer. Interrupted anywhere, it is run
 *  again with the same bytes. `none`: there was nothing to send. `waitMs`: until the next look.
 *  Errors: those of the database; never what the rail does. */
export async function submitAttempt(
  { database, rails, clock }: Pick<JobContext, "database" | "rails" | "clock">,
  input: { orgId: string; attemptId: string },
): Promise<{ kind: RecordedSubmission["kind"] | "none"; waitMs: number }> {
  const { orgId, attemptId } = input;
  const taken = await database.inOrganization(orgId, (tx) => takeSubmission(tx, { attemptId, rails }, clock()));
  if (taken === null) return { kind: "none", waitMs: 0 };
  const sentAt = clock();
  const outcome = await taken.rail.submit(taken.submission);
  const { kind, nextCheckAt } = await database.inOrganization(orgId, (tx) =>
    recordSubmission(tx, { attemptId, outcome, sentAt }, clock()),
  );
  return { kind, waitMs: nextCheckAt === null ? 0 : Math.max(1000, nextCheckAt.getTime() - clock().getTime()) };
}
