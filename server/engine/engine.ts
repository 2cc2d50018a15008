import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Database } from "@/server/db";
import { log as processLog } from "@/server/log";
import { askForFunctions, type Served } from "./attach";
import { registerCrons } from "./crons";
import { readEvents } from "./receive-events";
import { startRuns, startsOf } from "./start-runs";
import { createWorker, type EngineLog, type WorkerContext } from "./worker";

/** Runs Inngest functions inside this process, with all state in the database. */
export type Engine = {
  /** Goes to `new Inngest({ fetch })`: stores the events that the SDK sends, with the runs they start, before it answers. */
  fetch: typeof fetch;
  /** Takes the functions behind a serve handler; again to replace them.
   *  Errors: precondition_failed (a function asks for what the engine does not do, or the handler refused us). */
  attach(handler: Served["handler"], options: { signingKey: string }): Promise<void>;
  /** Begins to work, until `stop`. */
  start(): Promise<void>;
  /** Takes nothing more up and waits (10 s at most) for the calls under way. One that takes longer is run again elsewhere. */
  stop(): Promise<void>;
  /** Does everything that is due at the engine's clock and what follows from it at once; for tests, instead of `start`. */
  drain(): Promise<void>;
};

export type EngineOptions = {
  database: Database;
  /** The clock of everything that is due. The real one by default. */
  now?: () => Date;
  logger?: EngineLog;
  /** Calls at once in this process. */
  slots?: number;
  /** How long a killed process keeps others from its jobs. Clocks of processes may differ by less than two thirds of it. */
  leaseMs?: number;
};

/** The longest an idle engine goes without looking: the net under wake-ups that were lost. */
const POLL_MS = 1000;

/** Wake-ups to other processes are gathered for this long: each NOTIFY takes a lock that all commits share. */
const NOTIFY_MS = 25;

const STOP_MS = 10_000;

const CHANNEL = "engine";

/** An engine that does nothing yet: `attach` gives it functions, `start` sets it to work. Any number of processes may run one each on the same
 *  Postgres; on PGlite there is one. */
export function createEngine(options: EngineOptions): Engine {
  const context: WorkerContext = {
    database: options.database,
    now: options.now ?? (() => new Date()),
    log: options.logger ?? processLog,
    slots: options.slots ?? 5,
    leaseMs: options.leaseMs ?? 15_000,
    attached: undefined,
  };
  const alarm = createAlarm();
  const neighbours = createNeighbours(context, alarm.ring);
  const worker = createWorker(context, alarm.ring);
  let isRunning = false;
  let loop: Promise<void> | undefined;

  async function work(): Promise<void> {
    while (isRunning) {
      alarm.reset();
      try {
        const { taken, nextAt } = await worker.pass();
        const isBusy = worker.underway().length >= context.slots;
        if (taken === 0 || isBusy) await alarm.wait(waitMs(nextAt, context.now()));
      } catch (error) {
        context.log.error({ err: error }, "the engine could not look for work; it tries again in a second");
        await alarm.wait(POLL_MS);
      }
    }
  }

  return {
    fetch: async (input, init) => {
      const answer = await acceptEvents(context, new Request(input, init));
      alarm.ring();
      neighbours.wake();
      return answer;
    },
    async attach(handler, { signingKey }) {
      const served = { handler, signingKey };
      const functions = await askForFunctions(served, context.now());
      await context.database.asOwner((tx) => registerCrons(tx, functions, context.now()));
      context.attached = { served, functions };
      alarm.ring();
    },
    async start() {
      if (isRunning) return;
      isRunning = true;
      await neighbours.listen();
      loop = work();
    },
    async stop() {
      isRunning = false;
      alarm.ring();
      await loop;
      const stopped = new AbortController();
      await Promise.race([Promise.all(worker.underway()), wait(STOP_MS, undefined, { signal: stopped.signal })]);
      stopped.abort();
      worker.abandon();
      await neighbours.leave();
    },
    async drain() {
      for (;;) {
        const { taken } = await worker.pass();
        const underway = worker.underway();
        if (underway.length > 0) await Promise.race(underway);
        else if (taken === 0) return;
      }
    },
  };
}

async function acceptEvents({ database, attached, now }: WorkerContext, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method !== "POST" || !pathname.startsWith("/e/")) {
    return refuse(501, `${request.method} ${pathname} is not implemented by the embedded engine; it only takes events`);
  }
  if (attached === undefined) return refuse(503, "no functions are attached to the embedded engine yet");
  let events: ReturnType<typeof readEvents>;
  try {
    events = readEvents(await request.text(), request.headers);
  } catch (error) {
    return refuse(400, `these are not events: ${String(error)}`);
  }
  const starts = events.map((event) => startsOf(attached.functions, event));
  await database.asOwner((tx) => startRuns(tx, starts, now()));
  return Response.json({ status: 200, ids: events.map((event) => event.id) });
}

function refuse(status: number, error: string): Response {
  return Response.json({ status, ids: [], error }, { status });
}

function waitMs(nextAt: Date | undefined, now: Date): number {
  if (nextAt === undefined) return POLL_MS;
  return Math.max(1, Math.min(POLL_MS, nextAt.getTime() - now.getTime()));
}

/** A wait that can be cut short; a ring while nobody waits cuts the next wait. */
function createAlarm() {
  let isRung = false;
  let wakeUp: (() => void) | undefined;
  return {
    ring(): void {
      isRung = true;
      wakeUp?.();
    },
    reset(): void {
      isRung = false;
    },
    async wait(ms: number): Promise<void> {
      if (isRung) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wakeUp = undefined;
    },
  };
}

/** The other processes on this database: wakes them when there is work, and is woken by them. PGlite has none. */
function createNeighbours({ database, log }: WorkerContext, onWake: () => void) {
  const selfId = randomUUID();
  const hasNone = database.kind === "pglite";
  let timer: NodeJS.Timeout | undefined;
  let unlisten: (() => Promise<void>) | undefined;
  let isGone = false;

  async function notify(): Promise<void> {
    timer = undefined;
    try {
      await database.asOwner((tx) => tx.execute(sql`select pg_notify(${CHANNEL}, ${selfId})`));
    } catch (error) {
      log.warn({ err: error }, "other engine processes could not be woken; they look by themselves");
    }
  }

  return {
    wake(): void {
      if (!hasNone && !isGone) timer ??= setTimeout(notify, NOTIFY_MS).unref();
    },
    async listen(): Promise<void> {
      if (hasNone) return;
      unlisten = await database.listen(CHANNEL, (senderId) => {
        if (senderId !== selfId) onWake();
      });
    },
    async leave(): Promise<void> {
      isGone = true;
      clearTimeout(timer);
      timer = undefined;
      await unlisten?.();
      unlisten = undefined;
    },
  };
}
