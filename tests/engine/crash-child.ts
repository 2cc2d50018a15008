import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { Inngest } from "inngest";
import { serve } from "inngest/edge";
import { migrateDatabase, openDatabase } from "@/server/db";
import { createEngine } from "@/server/engine";

// A process of its own for crash.test.ts: opens the database (a URL or a PGlite folder), runs a function of three steps and
// notes each start in a file. In its first life it sends the event and never comes back from step two; in its second it
// ends when the run has.
const [place = "", traceFile = "", life = ""] = process.argv.slice(2);

const database = await openDatabase(place.startsWith("postgres:") ? { url: place } : { dataDir: place });
await migrateDatabase(database);

const signingKey = randomUUID();
// A short lease, for the test would otherwise wait 15 s on Postgres.
const engine = createEngine({ database, leaseMs: 1500 });
const client = new Inngest({
  id: "crash",
  fetch: engine.fetch,
  baseUrl: "http://embedded.local",
  isDev: false,
  signingKey,
  eventKey: "embedded",
});

let end = () => {};
const ended = new Promise<void>((resolve) => {
  end = resolve;
});

const fn = client.createFunction({ id: "three", retries: 0, triggers: { event: "crash/go" } }, async ({ step }) => {
  await step.run("one", () => note("one"));
  await step.run("two", async () => {
    note("two");
    if (life === "first") await new Promise(() => undefined);
  });
  await step.run("three", () => note("three"));
  end();
});

await engine.attach(serve({ client, functions: [fn] }), { signingKey });
await engine.start();
if (life === "first") await client.send({ name: "crash/go", data: {} });
await ended;
await engine.stop();
await database.close();
process.stdout.write("ended\n");
process.exit(0);

function note(step: string): void {
  appendFileSync(traceFile, `${step}\n`);
  process.stdout.write(`${step}\n`);
}
