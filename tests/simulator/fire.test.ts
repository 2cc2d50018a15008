import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { awinDialect } from "@/simulator/networks/awin";
import { type FireOptions, fire } from "@/simulator/networks/fire";
import { genericDialect } from "@/simulator/networks/generic";

type Reply = { status: number; headers?: Record<string, string>; body?: string };

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** A receiver that answers as told and remembers every request line. */
async function receiver(reply: (request: IncomingMessage, count: number) => Reply) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const { status, headers = {}, body = "" } = reply(request, seen.push(request.url ?? ""));
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function plan(url: string, more: Partial<FireOptions> = {}): FireOptions {
  return {
    dialect: genericDialect({ url: `${url}/in`, seed: 1, method: "GET" }),
    rate: 5000,
    count: 20,
    seed: 1,
    currency: "EUR",
    idPrefix: "t",
    ...more,
  };
}

const accepted: Reply = { status: 200, body: JSON.stringify({ result: "accepted" }) };

test("every report is sent, repeats come on top, and answers are counted by their word", async () => {
  const known = new Set<string>();
  const { url, seen } = await receiver(({ url = "" }) => {
    const result = known.has(url) ? "duplicate" : "accepted";
    known.add(url);
    return { status: 200, body: JSON.stringify({ result }) };
  });
  const summary = await fire(plan(url, { count: 60, duplicates: 30 }));
  expect(summary.sent).toBe(seen.length);
  expect(summary.repeats).toBeGreaterThan(10);
  expect(summary.results).toEqual({ accepted: summary.sent - summary.repeats, duplicate: summary.repeats });
});

test("429 and 503 are repeated until taken; other refusals are not", async () => {
  const { url } = await receiver((_, count) => {
    if (count <= 3) return { status: count === 2 ? 503 : 429, headers: { "retry-after": "0" } };
    return count === 4 ? { status: 401, body: "no" } : accepted;
  });
  const summary = await fire(plan(url));
  expect(summary.retries).toBe(3);
  expect(summary.results).toEqual({ accepted: summary.sent - 1, "401": 1 });
  expect(summary.firstError).toContain("answered 401: no");
});

test("a dropped connection is repeated", async () => {
  const { url } = await receiver((request, count) => {
    if (count === 1) request.socket.destroy();
    return accepted;
  });
  const summary = await fire(plan(url, { count: 1, rate: 1000 }));
  expect(summary.retries).toBe(1);
  expect(summary.results).toEqual({ accepted: summary.sent });
});

test("each conversion follows a link of its own and reports the click id it was given", async () => {
  let clicks = 0;
  const { url, seen } = await receiver(({ url = "" }) => {
    if (!url.startsWith("/go/")) return accepted;
    clicks += 1;
    return { status: 302, headers: { location: `https://shop.example/?utm=1&clickref=clk_${clicks}` } };
  });
  const summary = await fire(plan(url, { links: [`${url}/go/a`, `${url}/go/b`], strays: 20 }));
  const ids = new Set(seen.filter((path) => path.startsWith("/in")).map((path) => /clk_\d+|sim-/.exec(path)?.[0]));
  expect(summary.clicks).toBe(clicks);
  expect(clicks).toBeGreaterThan(10);
  expect(ids.size).toBe(clicks + 1);
  expect(new Set(seen.filter((path) => path.startsWith("/go/"))).size).toBe(2);
});

test("awin fires once per conversion: the rest of its life is for its API", async () => {
  const { url, seen } = await receiver(() => ({ status: 204 }));
  const summary = await fire(plan(url, { dialect: awinDialect({ url }), count: 50 }));
  expect(seen.length).toBeLessThanOrEqual(55);
  expect(summary.results).toEqual({ "204": seen.length });
});

test("an endless run stops when told", async () => {
  const stop = new AbortController();
  const { url, seen } = await receiver((_, count) => {
    if (count === 400) stop.abort();
    return accepted;
  });
  await fire(plan(url, { count: undefined, signal: stop.signal }));
  expect(seen.length).toBeGreaterThanOrEqual(400);
});
