import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Inngest, type InngestFunction } from "inngest";
import { serve } from "inngest/node";
import { expect, test } from "vitest";
import { type Driver, PATIENCE_MS, silentLogger, uniqueName } from "./driver";
import { scenarios } from "./scenario";

// The same scenarios against a real Inngest server on this machine, when INNGEST_BASE_URL names one (for its dev server:
// INNGEST_BASE_URL=http://127.0.0.1:8288). Without it these tests do not exist, rather than being skipped; the first one
// keeps the driver itself true.
const baseUrl = process.env.INNGEST_BASE_URL;

test("functions served for a real server register themselves with it over HTTP", async () => {
  const registrations: { functions: { id: string }[] }[] = [];
  const stub = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    registrations.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.setHeader("content-type", "application/json").end(JSON.stringify({ status: 200, modified: true }));
  });
  const { driver, close } = realDriver(`http://127.0.0.1:${await portOf(stub)}`);
  const fn = driver.client.createFunction({ id: "one", retries: 0, triggers: { event: "a" } }, () => undefined);
  await driver.serve([fn]);
  close();
  stub.close();
  expect(registrations.map(({ functions }) => functions.map(({ id }) => id))).toEqual([[`${driver.client.id}-one`]]);
});

if (baseUrl !== undefined) {
  for (const { name, run } of scenarios) {
    test(`on ${baseUrl}: ${name}`, { timeout: PATIENCE_MS + 30_000 }, async () => {
      const { driver, close } = realDriver(baseUrl);
      try {
        await run(driver);
      } finally {
        close();
      }
    });
  }
}

/** A real server as a driver: it calls our functions over HTTP, and time passes by itself. */
function realDriver(url: string): { driver: Driver; close(): void } {
  const signingKey = process.env.INNGEST_SIGNING_KEY;
  const client = new Inngest({
    id: uniqueName("app"),
    baseUrl: url,
    isDev: signingKey === undefined,
    signingKey,
    eventKey: process.env.INNGEST_EVENT_KEY ?? "scenarios",
    logger: silentLogger,
    internalLogger: silentLogger,
  });
  let server: Server | undefined;
  const driver: Driver = {
    client,
    async serve(functions: InngestFunction.Any[]) {
      server = createServer(serve({ client, functions }));
      const response = await fetch(`http://127.0.0.1:${await portOf(server)}/api/inngest`, { method: "PUT" });
      if (!response.ok) throw new Error(`${url} did not register the functions: ${await response.text()}`);
    },
    async until(condition) {
      for (let waitedMs = 0; waitedMs <= PATIENCE_MS; waitedMs += 100) {
        if (condition()) return;
        await wait(100);
      }
      throw new Error(`the condition did not come true within ${PATIENCE_MS} ms`);
    },
    moment: () => wait(3000),
    now: () => Date.now(),
  };
  return { driver, close: () => server?.close() };
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
