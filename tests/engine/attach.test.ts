import { Inngest } from "inngest";
import { serve } from "inngest/edge";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngine, type Engine } from "@/server/engine";
import { nextCronTime } from "@/server/engine/crons";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { silentLogger } from "./driver";

let opened: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  opened = await openTestDatabase("pglite");
  engine = createEngine({ database: opened.database, logger: silentLogger });
});
afterAll(() => opened.close());

// The server knows it, the SDK's types do not yet.
const jittered = { cron: "0 * * * *", jitter: "1m" };

type Options = Parameters<Inngest["createFunction"]>[0];

test.each<[string, Partial<Options>, string]>([
  ["no retries", { retries: undefined }, "set retries"],
  ["no trigger", { triggers: [] }, "no trigger"],
  ["batchEvents", { batchEvents: { maxSize: 2, timeout: "2s" } }, "batchEvents is not implemented"],
  ["throttle", { throttle: { limit: 1, period: "1s" } }, "throttle is not implemented"],
  ["rateLimit", { rateLimit: { limit: 1, period: "1s" } }, "rateLimit is not implemented"],
  ["debounce", { debounce: { period: "1s" } }, "debounce is not implemented"],
  ["idempotency", { idempotency: "event.data.id" }, "idempotency is not implemented"],
  ["priority", { priority: { run: "1" } }, "priority is not implemented"],
  ["singleton", { singleton: { mode: "skip" } }, "singleton is not implemented"],
  ["timeouts", { timeouts: { start: "1s" } }, "timeouts is not implemented"],
  ["cancelOn", { cancelOn: [{ event: "x" }] }, "cancel is not implemented"],
  ["two limits", { concurrency: [{ limit: 1 }, { limit: 2, key: "event.data.a" }] }, "concurrency must be"],
  ["a limit beyond the function", { concurrency: { limit: 1, scope: "account", key: '"a"' } }, "concurrency must be"],
  ["a computed key", { concurrency: { limit: 1, key: "event.data.a + 'x'" } }, "is not a dotted path"],
  ["an unknown operator", { triggers: { event: "a", if: "event.data.a >= 1" } }, "uses >="],
  ["a star in the middle", { triggers: { event: "a/*/b" } }, "only stand at the end"],
  ["an event we never send", { triggers: { event: "inngest/function.finished" } }, "not implemented"],
  ["a cron that cannot be read", { triggers: { cron: "61 * * * *" } }, "cannot be read"],
  ["a cron in an unknown zone", { triggers: { cron: "TZ=Mars/Base 0 * * * *" } }, "cannot be read"],
  ["a cron with jitter", { triggers: jittered }, "jitter is not implemented"],
])("a function with %s is refused at the start, by name", async (_, options, reason) => {
  const message = await refusalOf({ id: "odd", retries: 0, triggers: { event: "a" }, ...options });
  expect(message).toContain(reason);
  expect(message).toContain("- refusing-odd: ");
});

test("a handler that was served with another key is refused in words", async () => {
  const client = embeddedClient("another");
  const served = serve({ client, functions: [] });
  await expect(engine.attach(served, { signingKey: "key" })).rejects.toThrow("answered the in-band sync with 401");
});

test.each([
  ["0 6 * * 1", "2026-03-02T08:00:00Z", "2026-03-09T06:00:00.000Z"],
  ["TZ=Europe/Paris 0 6 * * *", "2026-03-02T08:00:00Z", "2026-03-03T05:00:00.000Z"],
  ["TZ=Europe/Paris 0 6 * * *", "2026-07-02T08:00:00Z", "2026-07-03T04:00:00.000Z"],
  ["*/15 * * * *", "2026-03-02T08:15:00Z", "2026-03-02T08:30:00.000Z"],
])("%s after %s fires at %s", (pattern, after, expected) => {
  expect(nextCronTime(pattern, new Date(after)).toISOString()).toBe(expected);
});

test("a cron that never fires is refused", () => {
  expect(() => nextCronTime("0 0 30 2 *", new Date("2026-03-02T08:00:00Z"))).toThrow("never fires");
});

function embeddedClient(signingKey: string): Inngest {
  return new Inngest({
    id: "refusing",
    fetch: engine.fetch,
    baseUrl: "http://embedded.local",
    isDev: false,
    signingKey,
    eventKey: "embedded",
    logger: silentLogger,
    internalLogger: silentLogger,
  });
}

async function refusalOf(options: Options): Promise<string> {
  const client = embeddedClient("key");
  const fn = client.createFunction(options, () => undefined);
  const error: unknown = await engine.attach(serve({ client, functions: [fn] }), { signingKey: "key" }).then(
    () => undefined,
    (thrown) => thrown,
  );
  return error instanceof Error ? error.message : "accepted";
}
