import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import type { ClaimedJob } from "./claim-jobs";
import type { EngineFunctions } from "./function";
import { startRuns, startsOf } from "./start-runs";

/** How a run ends. */
type Ending = { status: "completed"; output: unknown } | { status: "failed"; error: unknown };

/** Ends a run, whatever of it is still planned, and on failure sends `inngest/function.failed`, which starts its onFailure
 *  handler. The run is locked. */
export async function endRun(
  tx: Tx,
  functions: EngineFunctions,
  job: Pick<ClaimedJob, "runId" | "functionId" | "event">,
  ending: Ending,
  now: Date,
): Promise<void> {
  const output = JSON.stringify((ending.status === "completed" ? ending.output : ending.error) ?? null);
  await tx.execute(sql`
    update engine_runs set status = ${ending.status}, output = ${output}, finished_at = ${now.toISOString()}::timestamptz
    where id = ${job.runId}`);
  await tx.execute(sql`delete from engine_jobs where run_id = ${job.runId}`);
  await tx.execute(sql`delete from engine_steps where run_id = ${job.runId} and output is null`);
  if (ending.status !== "failed") return;
  const event = {
    id: `failed:${job.runId}`,
    name: "inngest/function.failed",
    ts: now.getTime(),
    data: {
      function_id: job.functionId,
      run_id: job.runId,
      error: ending.error,
      event: job.event,
      events: [job.event],
    },
  };
  await startRuns(tx, [startsOf(functions, event)], now);
}
