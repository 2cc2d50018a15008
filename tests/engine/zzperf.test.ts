import { test } from "vitest";
import { openTestDatabase } from "@/tests/support/database";
import { engineBench } from "./driver";
import { ensureEngineTables } from "./temporary-tables";
test.each(["postgres","pglite"] as const)("perf %s", { timeout: 200000 }, async (kind) => {
  const { database, close } = await openTestDatabase(kind);
  await ensureEngineTables(database);
  for (const conc of [undefined, 1, { limit: 1, key: "event.data.k" }, { limit: 1, key: "event.data.n" }]) {
    const id = "p" + Math.random().toString(36).slice(2);
    const N = 2000;
    const b = engineBench(database, { appId: id, clock: { now: () => new Date(), forward: () => undefined } });
    let ran = 0;
    await b.attach([b.client.createFunction({ id, retries: 0, triggers: { event: id }, ...(conc ? { concurrency: conc } : {}) }, async ({ step }) => { await step.run("a", () => { ran++; }); })]);
    let t = Date.now();
    for (let i = 0; i < N; i += 100) await b.client.send(Array.from({ length: 100 }, (_, j) => ({ name: id, data: { k: j % 5, n: i + j } })));
    const sent = Date.now() - t; t = Date.now();
    await b.engine.drain();
    const d = Date.now() - t;
    console.log(kind, JSON.stringify(conc), "send", sent, "ms; drain", d, "ms =", Math.round(N / d * 1000), "runs/s", ran);
    t = Date.now();
    for (let i = 0; i < 200; i++) await b.client.send({ name: "nobody", data: {} });
    console.log("single send", (Date.now() - t) / 200, "ms");
    await database.asOwner((tx) => tx.execute("truncate engine_events, engine_runs, engine_steps, engine_jobs" as never));
  }
  await close();
});
