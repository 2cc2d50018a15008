import { setTimeout as wait } from "node:timers/promises";
import { AFFILIATES, type BenchDatabase } from "./bench-database";
import type { BenchOptions } from "./figure";
import { fireLoad, type Load } from "./fire-load";
import type { NextServer } from "./servers";

/** At full size. The routes take turns: what changes on the machine meanwhile changes both. */
const FULL = { connections: [1, 10, 32], rounds: 5, seconds: 4, warmUpSeconds: 10 };
const SMALL = { connections: [1, 32], rounds: 1, seconds: 1, warmUpSeconds: 1 };
const DRAIN_SECONDS_MAX = 300;
const LOOK_EVERY_MS = 100;

type Speed = { requestsPerSecond: number; p50Ms: number; p99Ms: number };

/** Both routes at one number of connections: medians over the rounds. */
type Race = {
  connections: number;
  postback: Speed;
  doNothing: Speed;
  /** Postback ÷ do nothing: median of the rounds' own ratios, so that a slow moment stays within its round. */
  ratio: number;
  ratios: number[];
  /** When a load of postbacks ended: how many still waited, and how long until all were in the ledger. */
  drain: { waiting: number; seconds: number };
};

export type IngestRun = {
  races: Race[];
  /** Requests answered otherwise than "accepted", or not at all. */
  refused: number;
  /** Into the ledger while no requests came, over all drains. */
  drainedPerSecond: number;
};

type Course = { database: BenchDatabase; app: NextServer; doNothing: NextServer } & BenchOptions;

/** Races the postback against the route that does nothing. No load begins before the postbacks of the one before are in the ledger:
 *  what the app still does would slow the other route, and flatter the ratio. */
export async function raceRoutes(course: Course): Promise<IngestRun & { acceptedIds: string[] }> {
  const size = { ...(course.smoke ? SMALL : FULL), ...(course.seconds !== null && { seconds: course.seconds }) };
  const acceptedIds: string[] = [];
  const drains: Race["drain"][] = [];
  let refused = 0;
  let loads = 0;

  async function lap(connections: number, seconds: number) {
    const order = { connections, seconds, prefix: `T${++loads}`, affiliates: AFFILIATES };
    const doNothing = await fireLoad({ ...order, url: `${course.doNothing.url}/nothing` });
    const postback = await fireLoad({ ...order, url: course.app.url + course.database.postbackPath });
    const drain = await drained(course);
    const ids = postback.answers.flatMap(acceptedId);
    acceptedIds.push(...ids);
    refused += postback.sent - ids.length;
    drains.push(drain);
    return { doNothing, postback, drain };
  }

  await lap(Math.max(...size.connections), size.warmUpSeconds);
  const races: Race[] = [];
  for (const connections of size.connections) {
    const laps = [];
    for (let round = 0; round < size.rounds; round++) laps.push(await lap(connections, size.seconds));
    const race = summarise(connections, laps);
    races.push(race);
    course.say(`${course.database.version}, ${connections} connections: ${JSON.stringify(race)}`);
  }
  const waited = drains.reduce((sum, drain) => sum + drain.waiting, 0);
  const drainedPerSecond = Math.round(waited / drains.reduce((sum, drain) => sum + drain.seconds, 0));
  return { races, refused, drainedPerSecond, acceptedIds };
}

/** Waits until everything stored is in the ledger, or time is up: the count of the books tells then. */
async function drained({ database, app }: Course): Promise<Race["drain"]> {
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1000;
  const waiting = await countWaiting(database, app);
  for (let left = waiting; left > 0 && seconds() < DRAIN_SECONDS_MAX; left = await countWaiting(database, app)) {
    await wait(LOOK_EVERY_MS);
  }
  return { waiting, seconds: seconds() };
}

async function countWaiting(database: BenchDatabase, app: NextServer): Promise<number> {
  const [row] = await database.ask<{ waiting: number }>(
    app,
    "select count(*)::int as waiting from deliveries where result = 'accepted' and processed_at is null",
  );
  return row?.waiting ?? 0;
}

function acceptedId(answer: string): string[] {
  const { result, delivery } = answer.startsWith("{") ? JSON.parse(answer) : {};
  return result === "accepted" ? [delivery] : [];
}

type Lap = { doNothing: Load; postback: Load; drain: Race["drain"] };

function summarise(connections: number, laps: readonly Lap[]): Race {
  const ratios = laps.map(({ postback, doNothing }) => postback.requestsPerSecond / doNothing.requestsPerSecond);
  return {
    connections,
    postback: speedOf(laps.map((lap) => lap.postback)),
    doNothing: speedOf(laps.map((lap) => lap.doNothing)),
    ratio: rounded(median(ratios), 3),
    ratios: ratios.map((ratio) => rounded(ratio, 3)),
    drain: {
      waiting: median(laps.map((lap) => lap.drain.waiting)),
      seconds: rounded(median(laps.map((lap) => lap.drain.seconds)), 2),
    },
  };
}

function speedOf(loads: readonly Load[]): Speed {
  return {
    requestsPerSecond: Math.round(median(loads.map((load) => load.requestsPerSecond))),
    p50Ms: rounded(median(loads.map((load) => load.p50Ms)), 2),
    p99Ms: rounded(median(loads.map((load) => load.p99Ms)), 2),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number, places: number): number {
  return Number(value.toFixed(places));
}
