import { Cron } from "croner";
import { sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import type { EngineFunctions } from "./function";
import { startRuns } from "./start-runs";

/** Crons fired in one pass; the rest follow in the next. */
const CRONS_PER_PASS = 50;

/** The next moment after `after` at which the trigger fires. `TZ=Europe/Paris 0 6 * * 1` names a zone; without one, UTC.
 *  Errors: invalid_input (not a five-part cron, unknown zone, or one that never fires). */
export function nextCronTime(cron: string, after: Date): Date {
  const [, zone, pattern] = /^(?:TZ=(\S+)\s+)?(.+)$/s.exec(cron) ?? [];
  let next: Date | null;
  try {
    next = new Cron(pattern ?? "", { timezone: zone ?? "UTC", mode: "5-part", paused: true }).nextRun(after);
  } catch (error) {
    throw new Refusal("invalid_input", `cron "${cron}" cannot be read: ${String(error)}`, { cause: error });
  }
  if (next === null) throw new Refusal("invalid_input", `cron "${cron}" never fires`);
  return next;
}

/** Writes down when each cron of the attached functions fires next and forgets crons they no longer have. One already
 *  written keeps its moment, so that a tick missed while nothing ran is made up once. */
export async function registerCrons(tx: Tx, functions: EngineFunctions, now: Date): Promise<void> {
  const wanted = [...functions.values()].flatMap((fn) =>
    fn.crons.map((cron) => ({ function_id: fn.id, cron, next_at: nextCronTime(cron, now) })),
  );
  const rows = sql`${jsonRows(wanted)} as wanted(function_id text, cron text, next_at timestamptz)`;
  await tx.execute(sql`
    delete from engine_crons where function_id in (select id from ${jsonRows(idsOf(functions))} as known(id text))
      and (function_id, cron) not in (select function_id, cron from ${rows})`);
  await tx.execute(sql`
    insert into engine_crons (function_id, cron, next_at) select function_id, cron, next_at from ${rows}
    on conflict do nothing`);
}

/** Starts a run for each cron that is due and moves it on past `now`: ticks missed meanwhile become one.
 *  Returns how many fired. */
export async function fireCrons(tx: Tx, functions: EngineFunctions, now: Date): Promise<number> {
  const due = await queryRows<{ function_id: string; cron: string; next_at: string }>(
    tx,
    sql`select function_id, cron, next_at from engine_crons
        where next_at <= ${now.toISOString()}::timestamptz
          and function_id in (select id from ${jsonRows(idsOf(functions))} as known(id text))
        order by next_at limit ${CRONS_PER_PASS} for update skip locked`,
  );
  for (const { function_id, cron, next_at } of due) {
    const fn = functions.get(function_id);
    if (fn === undefined) continue;
    const scheduledAt = new Date(next_at);
    const event = {
      id: `cron:${function_id}:${cron}:${scheduledAt.toISOString()}`,
      name: "inngest/scheduled.timer",
      ts: now.getTime(),
      data: { cron, scheduledAt: scheduledAt.toISOString(), fireAt: now.toISOString() },
    };
    await startRuns(tx, [{ event, starts: [fn] }], now);
    await tx.execute(sql`
      update engine_crons set next_at = ${nextCronTime(cron, now).toISOString()}::timestamptz
      where function_id = ${function_id} and cron = ${cron}`);
  }
  return due.length;
}

function idsOf(functions: EngineFunctions): { id: string }[] {
  return [...functions.keys()].map((id) => ({ id }));
}
