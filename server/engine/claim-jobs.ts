import { type SQL, sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import type { EngineEvent } from "./event";
import { type EngineFunctions, laneSeparator } from "./function";

/** A job this process holds, with everything its call needs. */
export type ClaimedJob = {
  id: string;
  runId: string;
  functionId: string;
  /** Null: what comes next. */
  stepId: string | null;
  lane: string;
  attempt: number;
  maxAttempts: number;
  /** Claims of this attempt, this one included. */
  claims: number;
  leaseToken: string;
  event: EngineEvent;
  /** The settled steps that the call is shown, in the order in which they settled. */
  steps: { stepId: string; output: unknown }[];
};

/** What a claim needs to know of this process. */
type Claim = {
  functions: EngineFunctions;
  /** Most jobs to take. */
  free: number;
  leaseToken: string;
  leaseUntil: Date;
};

// Any number will do as long as nothing else in this database takes the same transaction lock.
const CLAIM_LOCK = 7_040_117;

/** Leases due jobs to this process, the longest due first, never more of a lane than its limit over all processes. */
export async function claimJobs(tx: Tx, claim: Claim, now: Date): Promise<ClaimedJob[]> {
  // Claims go one after the other, so the limits are exact. In its own statement: the next one's snapshot must be younger
  // than the lock.
  await tx.execute(sql`select pg_advisory_xact_lock(${CLAIM_LOCK})`);
  const claimed = await leaseDueJobs(tx, claim, lanesOfLongestDue(now), now);
  const free = claim.free - claimed.length;
  if (free > 0) claimed.push(...(await leaseDueJobs(tx, { ...claim, free }, allLanes, now)));
  const steps = await settledSteps(tx, [...new Set(claimed.map((row) => row.run_id))]);
  return claimed.flatMap((row) => {
    const fn = claim.functions.get(row.function_id);
    if (fn === undefined) return [];
    return {
      id: row.id,
      runId: row.run_id,
      functionId: row.function_id,
      stepId: row.step_id,
      lane: row.lane,
      attempt: row.attempt,
      maxAttempts: fn.maxAttempts,
      claims: row.claims,
      leaseToken: claim.leaseToken,
      event: JSON.parse(row.payload),
      steps: steps.get(row.run_id)?.slice(0, row.settled_before ?? undefined) ?? [],
    };
  });
}

/** Holds on to the jobs for longer. A lease that another process took over meanwhile stays with it. */
export async function renewLeases(
  tx: Tx,
  jobs: readonly Pick<ClaimedJob, "id" | "leaseToken">[],
  leaseUntil: Date,
): Promise<void> {
  await tx.execute(sql`
    update engine_jobs job set lease_until = ${leaseUntil.toISOString()}::timestamptz
    from ${jsonRows(jobs)} as held(id text, "leaseToken" text)
    where job.id = held.id and job.lease_token = held."leaseToken"`);
}

/** Frees the jobs whose lease has run out: their process died, or could not renew it. `held` are this process's own, which
 *  it is still running whatever their lease says. Returns how many. */
export async function freeOverdueJobs(tx: Tx, held: readonly string[], now: Date): Promise<number> {
  const freed = await queryRows(
    tx,
    sql`update engine_jobs set lease_token = null, lease_until = null
        where lease_until is not null and lease_until <= ${now.toISOString()}::timestamptz
          and id not in (select id from ${jsonRows(held.map((id) => ({ id })))} as held(id text))
        returning id`,
  );
  return freed.length;
}

/** Frees every job. Only where no other process can hold one. */
export async function freeAllJobs(tx: Tx): Promise<void> {
  await tx.execute(sql`update engine_jobs set lease_token = null, lease_until = null where lease_until is not null`);
}

type ClaimedRow = {
  id: string;
  run_id: string;
  step_id: string | null;
  settled_before: number | null;
  lane: string;
  attempt: number;
  claims: number;
  function_id: string;
  payload: string;
};

/** Enough to find work where there are many lanes; where these are all full, the others are looked for. */
const LONGEST_DUE = 50;

function lanesOfLongestDue(now: Date): SQL {
  return sql`
    select distinct lane from (
      select lane from engine_jobs where lease_token is null and due_at <= ${now.toISOString()}::timestamptz
      order by due_at limit ${LONGEST_DUE}
    ) longest_due`;
}

// A loose scan of the index: one probe a lane, however many jobs wait in it.
const allLanes = sql`
  select lane from (
    with recursive each(lane) as (
      (select min(lane) from engine_jobs where lease_until is null)
      union all
      select (select min(job.lane) from engine_jobs job where job.lane > each.lane and job.lease_until is null)
      from each where each.lane is not null
    )
    select lane from each where lane is not null
  ) every_lane`;

// Each lane gives its first due jobs up to what its limit leaves; the longest due of those are leased.
function leaseDueJobs(tx: Tx, claim: Claim, lanes: SQL, now: Date): Promise<ClaimedRow[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const limits = [...claim.functions.values()].map((fn) => ({ id: fn.id, most: fn.concurrency?.limit ?? null }));
  return queryRows<ClaimedRow>(
    tx,
    sql`
    with picked as materialized (
      select due.id from (${lanes}) lanes
      join ${jsonRows(limits)} as fn(id text, most int) on fn.id = split_part(lanes.lane, ${laneSeparator}, 1)
      cross join lateral (
        select count(*) as jobs from engine_jobs busy
        where fn.most is not null and busy.lane = lanes.lane and busy.lease_until is not null
      ) active
      cross join lateral (
        select job.id, job.due_at from engine_jobs job
        where job.lane = lanes.lane and job.due_at <= ${at} and job.lease_until is null
        order by job.due_at, job.id
        limit greatest(0, least(${claim.free}::bigint, fn.most - active.jobs))
      ) due
      order by due.due_at, due.id limit ${claim.free}::bigint
    ),
    free as materialized (
      select id from engine_jobs where id in (select id from picked) and lease_until is null for update skip locked
    )
    update engine_jobs job
    set lease_token = ${claim.leaseToken}, lease_until = ${claim.leaseUntil.toISOString()}::timestamptz, claims = job.claims + 1
    from free, engine_runs run, engine_events event
    where job.id = free.id and run.id = job.run_id and event.id = run.event_id
    returning job.id, job.run_id, job.step_id, job.settled_before, job.lane, job.attempt, job.claims,
      run.function_id, event.payload`,
  );
}

async function settledSteps(tx: Tx, runIds: readonly string[]): Promise<Map<string, ClaimedJob["steps"]>> {
  const byRun = new Map<string, ClaimedJob["steps"]>(runIds.map((id) => [id, []]));
  if (runIds.length === 0) return byRun;
  const rows = await queryRows<{ run_id: string; step_id: string; output: string }>(
    tx,
    sql`select run_id, step_id, output from engine_steps
        where run_id in (select id from ${jsonRows(runIds.map((id) => ({ id })))} as run(id text)) and output is not null
        order by run_id, place`,
  );
  for (const row of rows) byRun.get(row.run_id)?.push({ stepId: row.step_id, output: JSON.parse(row.output) });
  return byRun;
}
