import { setTimeout as pause } from "node:timers/promises";
import type { ProofPostgres } from "./proof-postgres";

const STEP_MS = 500;

/** States in which something still has to happen by itself. */
const MOVING = "('queued', 'submitting', 'submitted', 'unclaimed', 'unknown')";

/** How many approved payouts are still on their way. */
export async function movingPayouts(postgres: ProofPostgres): Promise<number> {
  const [row] = await postgres.ask<{ moving: number }>(
    `select count(*)::int as moving from payouts where state in ${MOVING}`,
  );
  return row?.moving ?? 0;
}

/** Lets the workers bring every payout to an end, and their waiting times pass at once. Resolves with what is still moving when nothing is,
 *  or when `limitMs` have passed. */
export async function settlePayouts(postgres: ProofPostgres, limitMs: number): Promise<number> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const moving = await movingPayouts(postgres);
    if (moving === 0 || performance.now() > endMs) return moving;
    await hurry(postgres);
    await pause(STEP_MS);
  }
}

/** Lets the time pass that unsettled attempts wait for. Nobody is told: what no run is at work on, the product's own sweep must find. */
export async function hurry(postgres: ProofPostgres): Promise<void> {
  await postgres.ask(
    `update attempts a set next_check_at = now() where a.closed_at is null and a.next_check_at > now() and ${UNSETTLED}`,
  );
  const idle = await postgres.ask(
    `select 1 from attempts a where a.closed_at is null and a.next_check_at <= now() and ${UNSETTLED}
       and not exists (select from engine_jobs j where j.lane like '%check-attempts%' || a.org_id || '%') limit 1`,
  );
  if (idle.length > 0) await bringSweep(postgres);
}

/** The sweep's minute comes, unless a sweep is under way. */
export async function bringSweep(postgres: ProofPostgres): Promise<void> {
  await postgres.ask(
    `update engine_crons set next_at = now() where function_id like '%sweep-payouts'
       and not exists (select from engine_runs where function_id like '%sweep-payouts' and status = 'running')`,
  );
}

const UNSETTLED = `exists (select from payouts p where p.attempt_id = a.id and p.state in ${MOVING})`;

/** Waits until no run that sends batches is under way. */
export async function submissionsEnded(postgres: ProofPostgres): Promise<true | undefined> {
  const running = await postgres.ask(
    "select 1 from engine_runs where status = 'running' and function_id like '%submit-batch' limit 1",
  );
  return running.length === 0 ? true : undefined;
}
