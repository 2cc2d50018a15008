import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Database, Tx } from "@/server/db";
import { applyOutcome } from "./apply-outcome";
import type { Served } from "./attach";
import { callFunction, type Outcome } from "./call-function";
import { type ClaimedJob, claimJobs, freeAllJobs, freeOverdueJobs, renewLeases } from "./claim-jobs";
import { fireCrons } from "./crons";
import type { EngineFunctions } from "./function";
import { deleteOldRuns } from "./retention";
import { endSleeps } from "./run-steps";
import { type SoonestDue, soonestDue } from "./soonest-due";

/** What the engine and its worker share. `attached` is replaced as a whole. */
export type WorkerContext = {
  database: Database;
  now: () => Date;
  log: EngineLog;
  /** Calls that may run at once in this process. */
  slots: number;
  leaseMs: number;
  attached: Attached | undefined;
};

type Attached = { served: Served; functions: EngineFunctions };

/** The part of a pino logger that the engine uses. */
export type EngineLog = Record<"warn" | "error", (fields: object, message: string) => void>;

/** Does what is due. One pass takes up work; calls go on after it, and `onSettled` is called when one has ended. */
export type Worker = {
  /** Takes up what is due now. Returns how much that was, and when something is due next. */
  pass(): Promise<{ taken: number; nextAt: Date | undefined }>;
  /** The calls under way: each promise resolves when its outcome is written, and never rejects. */
  underway(): Promise<void>[];
  /** Lets go of the calls under way: their leases run out. */
  abandon(): void;
};

/** A job whose process died this many times holding it is taken to be the reason. */
const CLAIMS_MAX = 10;

/** Tries to write an outcome, doubling the wait from 200 ms: outlives a database restart of some seconds. */
const WRITES_MAX = 6;

/** While there are jobs to take, sleeps, crons and the rest are looked at this often; otherwise at every pass. */
const CHORES_EVERY_MS = 200;

const RETENTION_EVERY_MS = 600_000;

/** The part of an engine that takes up what is due and calls the functions. */
export function createWorker(context: WorkerContext, onSettled: () => void): Worker {
  const { database, now } = context;
  const workerId = randomUUID();
  const running = new Map<string, { job: ClaimedJob; done: Promise<void> }>();
  let claims = 0;
  let isFirstPass = true;
  let choresAt = now();
  let retentionAt = now();
  let tidyAt = new Date(now().getTime() + RETENTION_EVERY_MS);
  let heartbeat: NodeJS.Timeout | undefined;

  async function pass() {
    const at = now();
    const { attached } = context;
    if (attached === undefined) return { taken: 0, nextAt: undefined };
    // Only one process can have a PGlite folder open, so whoever held a lease before us is dead.
    if (isFirstPass && database.kind === "pglite") await database.asOwner(freeAllJobs);
    isFirstPass = false;
    if (at < choresAt) {
      const taken = await takeJobs(attached, at);
      if (taken > 0) return { taken, nextAt: undefined };
    }
    choresAt = new Date(at.getTime() + CHORES_EVERY_MS);
    return passWithChores(attached, at);
  }

  async function passWithChores(attached: Attached, at: Date) {
    const { functions } = attached;
    const due = await database.asOwner(soonestDue);
    const taken = await sumOf([
      async () => (isDue(due.cron, at) ? database.asOwner((tx) => fireCrons(tx, functions, at)) : 0),
      async () => (isDue(due.sleep, at) ? database.asOwner((tx) => endSleeps(tx, at)) : 0),
      async () => (isDue(due.lease, at) ? database.asOwner((tx) => freeOverdueJobs(tx, [...running.keys()], at)) : 0),
      async () => (at >= retentionAt ? retain(at) : 0),
      async (soFar) => (soFar > 0 || isDue(due.job, at) ? takeJobs(attached, at) : 0),
    ]);
    return { taken, nextAt: nextAfter(due, at) };
  }

  async function retain(at: Date): Promise<number> {
    const isMoreWaiting = await database.asOwner((tx) => deleteOldRuns(tx, at));
    if (!isMoreWaiting) {
      retentionAt = new Date(at.getTime() + RETENTION_EVERY_MS);
      if (at >= tidyAt) {
        tidyAt = retentionAt;
        await database.tidy();
      }
    }
    return isMoreWaiting ? 1 : 0;
  }

  async function takeJobs(attached: Attached, at: Date): Promise<number> {
    const free = context.slots - running.size;
    if (free <= 0) return 0;
    const leaseToken = `${workerId}:${++claims}`;
    const leaseUntil = new Date(at.getTime() + context.leaseMs);
    const claim = { functions: attached.functions, free, leaseToken, leaseUntil };
    const jobs = await database.asOwner((tx) => claimJobs(tx, claim, at));
    for (const job of jobs) {
      const done = runJob(context, attached.served, job).finally(() => {
        running.delete(job.id);
        onSettled();
      });
      running.set(job.id, { job, done });
    }
    if (jobs.length > 0) keepLeases();
    return jobs.length;
  }

  // Three heartbeats a lease: one may fail.
  function keepLeases(): void {
    heartbeat ??= setInterval(() => {
      if (running.size === 0) return abandon();
      const held = [...running.values()].map(({ job: { id, leaseToken } }) => ({ id, leaseToken }));
      const leaseUntil = new Date(now().getTime() + context.leaseMs);
      database
        .asOwner((tx) => renewLeases(tx, held, leaseUntil))
        .catch((error) => context.log.warn({ err: error }, "leases could not be renewed"));
    }, context.leaseMs / 3).unref();
  }

  function abandon(): void {
    clearInterval(heartbeat);
    heartbeat = undefined;
  }

  return { pass, abandon, underway: () => [...running.values()].map(({ done }) => done) };
}

/** Calls the function and writes down how it ended. Never throws. */
async function runJob(context: WorkerContext, served: Served, job: ClaimedJob): Promise<void> {
  const { now, log } = context;
  const outcome = job.claims > CLAIMS_MAX ? poisoned(job) : await callFunction(served, job, now());
  const functions = context.attached?.functions ?? new Map();
  const isWritten = await writeDown(context, (tx) => applyOutcome(tx, functions, job, outcome, now()));
  const fields = { functionId: job.functionId, runId: job.runId, stepId: job.stepId, attempt: job.attempt };
  if (!isWritten) log.warn(fields, "an outcome was dropped: the job is another's by now, or could not be written");
  if (outcome.kind === "failed") log.warn({ ...fields, error: outcome.error }, "a run failed");
  if (outcome.kind === "retry") log.warn({ ...fields, error: outcome.error }, "a call failed");
}

async function writeDown({ database, log }: WorkerContext, write: (tx: Tx) => Promise<boolean>): Promise<boolean> {
  for (let writes = 1; ; writes++) {
    try {
      return await database.asOwner(write);
    } catch (error) {
      log.error({ err: error, writes }, "an outcome could not be written");
      if (writes === WRITES_MAX) return false;
      await wait(100 * 2 ** writes);
    }
  }
}

/** Does one part after the other. One that fails does not keep the others from their turn; it is thrown afterwards. */
async function sumOf(parts: ((soFar: number) => Promise<number>)[]): Promise<number> {
  let sum = 0;
  const failures: unknown[] = [];
  for (const part of parts) {
    await part(sum).then(
      (count) => {
        sum += count;
      },
      (error) => failures.push(error),
    );
  }
  if (failures.length > 0) throw failures[0];
  return sum;
}

function isDue(date: Date | undefined, at: Date): boolean {
  return date !== undefined && date <= at;
}

function nextAfter(due: SoonestDue, at: Date): Date | undefined {
  const later = Object.values(due).filter((date) => date !== undefined && date > at);
  return later.sort((a, b) => Number(a) - Number(b))[0];
}

function poisoned(job: ClaimedJob): Outcome {
  const message = `the process died ${CLAIMS_MAX} times while it ran this; not tried again`;
  return { kind: "failed", error: { name: "EngineError", message: `${job.functionId}: ${message}` } };
}
