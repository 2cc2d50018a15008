import { randomBytes, randomUUID } from "node:crypto";
import { Inngest, type InngestFunction } from "inngest";
import { serve } from "inngest/edge";
import type { Database } from "@/server/db";
import { createEngine, type Engine } from "@/server/engine";

/** What a scenario needs of whatever runs the functions. */
export type Driver = {
  client: Inngest;
  /** Hands the functions over. Once per scenario. */
  serve(functions: InngestFunction.Any[]): Promise<void>;
  /** Lets time pass until the condition holds; fails after two minutes of the runner's time. */
  until(condition: () => boolean): Promise<void>;
  /** Lets a moment pass, for what should not happen. */
  moment(): Promise<void>;
  /** The runner's clock, in milliseconds. */
  now(): number;
};

const silence = () => undefined;
export const silentLogger = { debug: silence, info: silence, warn: silence, error: silence };

/** A name that no other scenario, and no earlier run against a lasting server, has used. */
export function uniqueName(word: string): string {
  return `${word}-${randomBytes(4).toString("hex")}`;
}

export const PATIENCE_MS = 120_000;

/** One engine of this process, its client, its serve handler, and a clock that the test moves. */
export type Bench = {
  engine: Engine;
  client: Inngest;
  clock: TestClock;
  /** The handler that a route would mount. */
  handler: (request: Request) => Promise<Response>;
  attach(functions: InngestFunction.Any[]): Promise<void>;
};

/** A clock that stands still until it is moved. */
export type TestClock = { now: () => Date; forward(ms: number): void };

export function testClock(): TestClock {
  let ms = Date.parse("2026-03-02T08:00:30Z");
  return {
    now: () => new Date(ms),
    forward(by) {
      ms += by;
    },
  };
}

/** A new engine on the database, as a new process would have it. */
export function engineBench(
  database: Database,
  options: { appId?: string; clock?: TestClock; slots?: number } = {},
): Bench {
  const clock = options.clock ?? testClock();
  const signingKey = randomUUID();
  const engine = createEngine({ database, now: clock.now, logger: silentLogger, slots: options.slots });
  const client = new Inngest({
    id: options.appId ?? uniqueName("app"),
    fetch: engine.fetch,
    baseUrl: "http://embedded.local",
    isDev: false,
    signingKey,
    eventKey: "embedded",
    logger: silentLogger,
    internalLogger: silentLogger,
  });
  const bench: Bench = {
    engine,
    client,
    clock,
    handler: async () => new Response(null, { status: 404 }),
    async attach(functions) {
      bench.handler = serve({ client, functions, enableUnauthedSync: false });
      await engine.attach((request) => bench.handler(request), { signingKey });
    },
  };
  return bench;
}

/** The embedded engine as a driver: time passes only when somebody waits for something. */
export function embeddedDriver(database: Database): Driver {
  const { engine, client, clock, attach } = engineBench(database);
  return {
    client,
    serve: attach,
    async until(condition) {
      for (let waitedMs = 0; waitedMs <= PATIENCE_MS; waitedMs += 1000) {
        await engine.drain();
        if (condition()) return;
        clock.forward(1000);
      }
      throw new Error(`the condition did not come true within ${PATIENCE_MS} ms of the engine's clock`);
    },
    async moment() {
      await engine.drain();
      clock.forward(5000);
      await engine.drain();
    },
    now: () => clock.now().getTime(),
  };
}
