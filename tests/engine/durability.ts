import { sql } from "drizzle-orm";
import type { Inngest } from "inngest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queryRows } from "@/server/db";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { engineBench, testClock, uniqueName } from "./driver";

const DAY_MS = 86_400_000;
const LEASE_MS = 15_000;

/** What the embedded engine must hold by itself, whatever database it is on. */
export function runDurability(kind: "pglite" | "postgres"): void {
  describe(`durability on ${kind}`, () => {
    let opened: TestDatabase;
    beforeAll(async () => {
      opened = await openTestDatabase(kind);
    });
    afterAll(() => opened.close());

    const rows = <Row extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
      opened.database.asOwner((tx) => queryRows<Row>(tx, statement));

    // An engine whose process dies, or only stalls, while it holds step two, and the next process on the same database.
    async function interruptedRun() {
      const id = uniqueName("interrupted");
      const trace: string[] = [];
      const started = { first: gate(), second: gate() };
      const release = { first: gate(), second: gate() };
      const define = (client: Inngest, life: "first" | "second") =>
        client.createFunction({ id, retries: 0, triggers: { event: id } }, async ({ step }) => {
          await step.run("one", () => void trace.push("one"));
          const two = await step.run("two", async () => {
            trace.push("two");
            started[life].open();
            await release[life].opened;
            return life;
          });
          await step.run("three", () => void trace.push("three"));
          return two;
        });
      const first = engineBench(opened.database, { appId: id });
      await first.attach([define(first.client, "first")]);
      await first.client.send({ name: id, data: {} });
      const firstDrain = first.engine.drain();
      await started.first.opened;
      const second = engineBench(opened.database, { appId: id, clock: first.clock });
      await second.attach([define(second.client, "second")]);
      return { id, trace, second, started, release, firstDrain, clock: first.clock };
    }

    test("after a process died in the middle of a step, only that step runs again", async () => {
      const { trace, second, release, clock } = await interruptedRun();
      release.second.open();
      if (kind === "postgres") {
        await second.engine.drain();
        expect(trace, "the dead process's lease still holds").toEqual(["one", "two"]);
        clock.forward(LEASE_MS);
      }
      await second.engine.drain();
      expect(trace).toEqual(["one", "two", "two", "three"]);
    });

    test("a process that lost its job to another cannot write its late result", async () => {
      const { id, trace, second, started, release, firstDrain, clock } = await interruptedRun();
      clock.forward(LEASE_MS);
      const secondDrain = second.engine.drain();
      await started.second.opened;
      release.first.open();
      await firstDrain;
      release.second.open();
      await secondDrain;
      expect(trace).toEqual(["one", "two", "two", "three"]);
      const [run] = await rows<{ status: string; output: string }>(
        sql`select status, output from engine_runs where function_id = ${`${id}-${id}`}`,
      );
      expect(run).toEqual({ status: "completed", output: '"second"' });
    });

    test("a stop waits for the call under way and writes its result down", async () => {
      const id = uniqueName("stop");
      const trace: string[] = [];
      const started = gate();
      const release = gate();
      const define = (client: Inngest) =>
        client.createFunction({ id, retries: 0, triggers: { event: id } }, async ({ step }) => {
          await step.run("one", async () => {
            trace.push("one");
            started.open();
            await release.opened;
          });
          await step.run("two", () => void trace.push("two"));
        });
      const clock = { now: () => new Date(), forward: () => undefined };
      const first = engineBench(opened.database, { appId: id, clock });
      await first.attach([define(first.client)]);
      await first.engine.start();
      await first.client.send({ name: id, data: {} });
      await started.opened;
      const stopped = first.engine.stop();
      release.open();
      await stopped;
      expect(trace).toEqual(["one"]);
      const second = engineBench(opened.database, { appId: id, clock });
      await second.attach([define(second.client)]);
      await second.engine.drain();
      expect(trace).toEqual(["one", "two"]);
    });

    test("an engine at work does at once what another process accepted", async () => {
      const id = uniqueName("neighbour");
      const done = gate();
      const define = (client: Inngest) =>
        client.createFunction({ id, retries: 0, triggers: { event: id } }, async ({ step }) => {
          await step.run("work", () => done.open());
        });
      const clock = { now: () => new Date(), forward: () => undefined };
      const [worker, front] = [0, 1].map(() => engineBench(opened.database, { appId: id, clock }));
      if (worker === undefined || front === undefined) throw new Error("two benches were made");
      await worker.attach([define(worker.client)]);
      await front.attach([define(front.client)]);
      await worker.engine.start();
      await front.client.send({ name: id, data: {} });
      await done.opened;
      await worker.engine.stop();
      await front.engine.stop();
    });

    test("a job that was being held at ten deaths of its process is given up, and onFailure hears of it", async () => {
      const id = uniqueName("poison");
      const trace: string[] = [];
      const { engine, client, attach } = engineBench(opened.database, { appId: id });
      const fn = client.createFunction(
        { id, retries: 3, triggers: { event: id }, onFailure: ({ error }) => void trace.push(error.message) },
        () => void trace.push("ran"),
      );
      await attach([fn]);
      await client.send({ name: id, data: {} });
      await rows(sql`update engine_jobs set claims = 10 where lane = ${`${id}-${id}`}`);
      await engine.drain();
      expect(trace).toEqual([expect.stringContaining("died 10 times")]);
    });

    test("ticks that were missed while nothing ran are made up by one run", async () => {
      const id = uniqueName("hourly");
      const trace: string[] = [];
      const clock = testClock();
      const { engine, client, attach } = engineBench(opened.database, { appId: id, clock });
      const fn = client.createFunction({ id, retries: 0, triggers: { cron: "0 * * * *" } }, ({ event }) => {
        trace.push("scheduledAt" in event.data ? String(event.data.scheduledAt) : "no time");
      });
      await attach([fn]);
      await engine.drain();
      expect(trace).toEqual([]);
      clock.forward(5 * 3_600_000);
      await engine.drain();
      await attach([fn]);
      await engine.drain();
      clock.forward(3_600_000);
      await engine.drain();
      expect(trace).toEqual(["2026-03-02T09:00:00.000Z", "2026-03-02T14:00:00.000Z"]);
    });

    test("a finished run is forgotten after a week, one that still sleeps is not", async () => {
      const id = uniqueName("week");
      const { engine, client, clock, attach } = engineBench(opened.database, { appId: id });
      const short = client.createFunction({ id: "short", retries: 0, triggers: { event: id } }, async ({ step }) => {
        await step.run("work", () => 1);
      });
      const long = client.createFunction(
        { id: "long", retries: 0, triggers: { event: `${id}/long` } },
        async ({ step }) => {
          await step.sleep("month", "30d");
        },
      );
      await attach([short, long]);
      await client.send([
        { id: `${id}-1`, name: id, data: {} },
        { id: `${id}-2`, name: `${id}/long`, data: {} },
      ]);
      const left = () =>
        rows(sql`select event.id, run.status from engine_events event left join engine_runs run on run.event_id = event.id
                 where event.id in (${`${id}-1`}, ${`${id}-2`}) order by event.id`);
      await engine.drain();
      clock.forward(6 * DAY_MS);
      await engine.drain();
      expect(await left()).toEqual([
        { id: `${id}-1`, status: "completed" },
        { id: `${id}-2`, status: "running" },
      ]);
      clock.forward(2 * DAY_MS);
      await engine.drain();
      expect(await left()).toEqual([{ id: `${id}-2`, status: "running" }]);
      clock.forward(30 * DAY_MS);
      await engine.drain();
      expect(await left()).toEqual([{ id: `${id}-2`, status: "completed" }]);
    });
  });
}

/** What only several processes can get wrong, so only on Postgres. */
export function runTogether(): void {
  describe("several processes on postgres", () => {
    let opened: TestDatabase;
    beforeAll(async () => {
      opened = await openTestDatabase("postgres");
    });
    afterAll(() => opened.close());

    test("processes together never exceed a lane's limit and run every step once", async () => {
      const id = uniqueName("limit");
      const seen: string[] = [];
      const full = gate();
      const release = gate();
      const define = (client: Inngest) =>
        client.createFunction(
          { id, retries: 0, triggers: { event: id }, concurrency: { limit: 2, key: "event.data.lane" } },
          async ({ event, step }) => {
            await step.run("work", async () => {
              seen.push(`${event.data.lane}${event.data.n}`);
              if (seen.length === 4) full.open();
              await release.opened;
            });
          },
        );
      const clock = testClock();
      const benches = [0, 1, 2].map(() => engineBench(opened.database, { appId: id, clock, slots: 5 }));
      for (const { attach, client } of benches) await attach([define(client)]);
      const [first, second, third] = benches;
      if (first === undefined || second === undefined || third === undefined)
        throw new Error("three benches were made");
      const events = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((n) =>
        ["a", "b"].map((lane) => ({ name: id, data: { lane, n } })),
      );
      await first.client.send(events);
      const drains = [first.engine.drain(), second.engine.drain()];
      await full.opened;
      await third.engine.drain();
      expect(seen.map((name) => name.slice(0, 1)).toSorted(), "two of each lane, held").toEqual(["a", "a", "b", "b"]);
      release.open();
      await Promise.all(drains);
      await third.engine.drain();
      expect(seen.toSorted()).toEqual(events.map(({ data }) => `${data.lane}${data.n}`).toSorted());
    });

    test("steps that settle at the same moment in several processes never leave their run waiting", async () => {
      const id = uniqueName("together");
      const runs = 25;
      const seen: string[] = [];
      const define = (client: Inngest) =>
        client.createFunction({ id, retries: 0, triggers: { event: id } }, async ({ event, step }) => {
          await Promise.all(
            ["a", "b", "c", "d"].map((name) => step.run(name, () => void seen.push(`${event.data.n} ${name}`))),
          );
          await step.run("end", () => void seen.push(`${event.data.n} end`));
        });
      const clock = testClock();
      const benches = [0, 1].map(() => engineBench(opened.database, { appId: id, clock, slots: 8 }));
      for (const { attach, client } of benches) await attach([define(client)]);
      await benches[0]?.client.send(Array.from({ length: runs }, (_, n) => ({ name: id, data: { n } })));
      await Promise.all(benches.map(({ engine }) => engine.drain()));
      await benches[0]?.engine.drain();
      expect(new Set(seen).size, "every step").toBe(5 * runs);
      expect(seen, "once").toHaveLength(5 * runs);
    });
  });
}

/** A promise that somebody else opens. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
