import { sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";
import type { Op, Outcome } from "./call-function";
import type { ClaimedJob } from "./claim-jobs";
import { endRun } from "./end-run";
import type { EngineFunctions } from "./function";
import { lockRun, resumeRun, settleStep } from "./run-steps";
import { refusalOfOp, wakeTime } from "./step-ops";

/** As many steps as a run may have on the real server. */
const STEPS_PER_RUN_MAX = 1000;

/** As large as one step's result may be on the real server. */
const STEP_CHARACTERS_MAX = 4 * 1024 * 1024;

/** Writes down how a call ended: results, what follows and the removal of the job, in this one transaction. Only the holder
 *  of the job's lease can: returns false, and changes nothing, when another process took the job over or the run is over. */
export async function applyOutcome(
  tx: Tx,
  functions: EngineFunctions,
  job: ClaimedJob,
  outcome: Outcome,
  now: Date,
): Promise<boolean> {
  await lockRun(tx, job.runId);
  if (outcome.kind === "retry" && job.attempt + 1 < job.maxAttempts) return retryLater(tx, job, outcome, now);
  if (!(await removeJob(tx, job))) return false;
  switch (outcome.kind) {
    case "completed":
      await endRun(tx, functions, job, { status: "completed", output: outcome.output }, now);
      return true;
    case "ops":
      await applyOps(tx, functions, job, outcome.ops, now);
      return true;
    case "retry":
    case "failed":
      await endRun(tx, functions, job, { status: "failed", error: outcome.error }, now);
      return true;
  }
}

/** Waits between attempts, in seconds: short first because most faults are, long later because the rest are outages. */
const RETRY_SECONDS = [2, 10, 30, 60, 120, 300, 600, 1800, 3600];

async function retryLater(
  tx: Tx,
  job: ClaimedJob,
  outcome: Extract<Outcome, { kind: "retry" }>,
  now: Date,
): Promise<boolean> {
  const seconds = RETRY_SECONDS[Math.min(job.attempt, RETRY_SECONDS.length - 1)] ?? 0;
  // Up to a fifth more, so that what failed together does not come back together.
  const waitMs = seconds * 1000 * (1 + Math.random() / 5);
  const dueAt = outcome.notBefore ?? new Date(now.getTime() + waitMs);
  const updated = await queryRows(
    tx,
    sql`update engine_jobs
        set attempt = attempt + 1, claims = 0, lease_token = null, lease_until = null,
            due_at = ${dueAt.toISOString()}::timestamptz, last_error = ${JSON.stringify(outcome.error ?? null)}
        where id = ${job.id} and lease_token = ${job.leaseToken} returning id`,
  );
  return updated.length === 1;
}

async function removeJob(tx: Tx, job: ClaimedJob): Promise<boolean> {
  const removed = await queryRows(
    tx,
    sql`delete from engine_jobs where id = ${job.id} and lease_token = ${job.leaseToken} returning id`,
  );
  return removed.length === 1;
}

async function applyOps(
  tx: Tx,
  functions: EngineFunctions,
  job: ClaimedJob,
  ops: readonly Op[],
  now: Date,
): Promise<void> {
  const complete = ops.find((op) => op.op === "RunComplete");
  if (complete !== undefined) return endRun(tx, functions, job, { status: "completed", output: complete.data }, now);
  const fail = (message: string) =>
    endRun(tx, functions, job, { status: "failed", error: { name: "EngineError", message } }, now);
  for (const op of ops) {
    const refusal = refusalOfOp(op);
    if (refusal !== undefined) return fail(`function ${job.functionId}, step "${op.displayName ?? op.id}": ${refusal}`);
  }
  if (job.steps.length + ops.length > STEPS_PER_RUN_MAX) {
    return fail(`function ${job.functionId} has more than ${STEPS_PER_RUN_MAX} steps in one run`);
  }
  let changes = ops.filter((op) => op.op === "DiscoveryRequest").length;
  for (const op of ops) {
    const output = outputOf(op);
    if (output === undefined) continue;
    if (output.length > STEP_CHARACTERS_MAX) {
      return fail(`the result of step "${op.displayName ?? op.id}" is larger than ${STEP_CHARACTERS_MAX} characters`);
    }
    changes += await settleStep(tx, job.runId, op.id, output);
  }
  changes += await planSteps(tx, job, ops, now);
  const isWaiting = !(await resumeRun(tx, job.runId, now));
  // Nothing new and nothing awaited would be asked again for ever.
  if (changes === 0 && !isWaiting)
    await fail(`function ${job.functionId} answered no step that was not already settled`);
}

// What the SDK memoises of a step that ran to its end; undefined for an op that ran nothing.
function outputOf(op: Op): string | undefined {
  if (op.op === "StepRun") return JSON.stringify({ data: op.data ?? null });
  if (op.op === "StepFailed") return JSON.stringify({ error: op.error ?? null });
  return undefined;
}

/** Writes down steps that were not known yet, with a job for each that runs code. One that is already pending is left alone.
 *  Returns how many were new. */
async function planSteps(tx: Tx, job: ClaimedJob, ops: readonly Op[], now: Date): Promise<number> {
  const planned = ops
    .filter((op) => op.op === "StepPlanned" || op.op === "Sleep")
    .map((op) => ({
      step_id: op.id,
      job_id: newId("job", now),
      wake_at: op.op === "Sleep" ? wakeTime(op.name ?? "", now) : null,
    }));
  if (planned.length === 0) return 0;
  const added = await queryRows(
    tx,
    sql`with planned as (
          select * from ${jsonRows(planned)} as planned(step_id text, job_id text, wake_at timestamptz)
        ),
        added as (
          insert into engine_steps (run_id, step_id, wake_at)
          select ${job.runId}, step_id, wake_at from planned
          on conflict do nothing
          returning step_id
        ),
        queued as (
          insert into engine_jobs (id, run_id, step_id, settled_before, lane, attempt, due_at, claims)
          select job_id, ${job.runId}, step_id,
            (select count(*) from engine_steps where run_id = ${job.runId} and output is not null),
            ${job.lane}, 0, ${now.toISOString()}::timestamptz, 0
          from planned join added using (step_id) where wake_at is null
        )
        select step_id from added`,
  );
  return added.length;
}
