import { sql } from "drizzle-orm";
import { jsonRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";
import type { EngineEvent } from "./event";
import { type EngineFunction, type EngineFunctions, isTriggeredBy, laneOf } from "./function";

/** An event and the functions it starts. */
type Start = { event: EngineEvent; starts: EngineFunction[] };

/** Every function that the event triggers. */
export function startsOf(functions: EngineFunctions, event: EngineEvent): Start {
  return { event, starts: [...functions.values()].filter((fn) => isTriggeredBy(fn, event)) };
}

/** Stores events, their runs and the runs' first jobs in one statement: all or nothing. An event id that is already stored
 *  starts nothing. */
export async function startRuns(tx: Tx, starts: readonly Start[], now: Date): Promise<void> {
  const once = [...new Map(starts.map((start) => [start.event.id, start])).values()];
  const events = once.map(({ event }) => ({ id: event.id, name: event.name, payload: JSON.stringify(event) }));
  const runs = once.flatMap(({ event, starts: functions }) =>
    functions.map((fn) => ({
      id: newId("run", now),
      job_id: newId("job", now),
      function_id: fn.id,
      event_id: event.id,
      lane: laneOf(fn, event),
    })),
  );
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(sql`
    with stored as (
      insert into engine_events (id, name, payload, received_at)
      select id, name, payload, ${at} from ${jsonRows(events)} as event(id text, name text, payload text)
      on conflict (id) do nothing
      returning id
    ),
    wanted as (
      select run.* from ${jsonRows(runs)} as run(id text, job_id text, function_id text, event_id text, lane text)
      join stored on stored.id = run.event_id
    ),
    started as (
      insert into engine_runs (id, function_id, event_id, lane, status, started_at)
      select id, function_id, event_id, lane, 'running', ${at} from wanted
    )
    insert into engine_jobs (id, run_id, lane, attempt, due_at, claims)
    select job_id, id, lane, 0, ${at}, 0 from wanted`);
}
