import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";

/** Sleeps ended in one transaction; the rest follow in the next pass. */
const SLEEPS_PER_PASS = 100;

/** Takes the run's lock, which orders everything that happens to it: without it two steps that settle at the same time would
 *  each see the other pending, and nobody would go on. */
export async function lockRun(tx: Tx, runId: string): Promise<void> {
  await tx.execute(sql`select id from engine_runs where id = ${runId} for update`);
}

/** Memoises a step's output unless it already has one. The run is locked. Returns how many steps that settled: 0 or 1. */
export async function settleStep(tx: Tx, runId: string, stepId: string, output: string): Promise<number> {
  const settled = await queryRows(
    tx,
    sql`insert into engine_steps as step (run_id, step_id, output, place)
        select ${runId}, ${stepId}, ${output}, coalesce(max(place), 0) + 1 from engine_steps where run_id = ${runId}
        on conflict (run_id, step_id) do update set output = excluded.output, place = excluded.place
        where step.output is null
        returning step_id`,
  );
  return settled.length;
}

/** Asks the function what comes next once every step it reported has settled (those of one answer settle together, as on the
 *  real server). The run is locked. Returns whether nothing was pending. */
export async function resumeRun(tx: Tx, runId: string, now: Date): Promise<boolean> {
  const resumed = await queryRows(
    tx,
    sql`insert into engine_jobs (id, run_id, lane, attempt, due_at, claims)
        select ${newId("job", now)}, id, lane, 0, ${now.toISOString()}::timestamptz, 0 from engine_runs
        where id = ${runId} and status = 'running'
          and not exists (select from engine_steps where run_id = ${runId} and output is null)
        on conflict (run_id, step_id) do nothing
        returning id`,
  );
  return resumed.length === 1;
}

/** Settles the sleeps that are over. Returns how many. */
export async function endSleeps(tx: Tx, now: Date): Promise<number> {
  const due = await queryRows<{ run_id: string; step_id: string }>(
    tx,
    sql`select run_id, step_id from engine_steps
        where wake_at is not null and output is null and wake_at <= ${now.toISOString()}::timestamptz
        order by wake_at limit ${SLEEPS_PER_PASS}`,
  );
  // Sorted: two processes that end sleeps of the same runs lock them in the same order.
  for (const runId of [...new Set(due.map((step) => step.run_id))].sort()) {
    await lockRun(tx, runId);
    for (const step of due) if (step.run_id === runId) await settleStep(tx, runId, step.step_id, "null");
    await resumeRun(tx, runId, now);
  }
  return due.length;
}
