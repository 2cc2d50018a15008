import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryRows } from "@/server/db";
import { createEngine } from "@/server/engine";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { engineBench, silentLogger, testClock, uniqueName } from "./driver";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase("pglite");
});
afterAll(() => opened.close());

type Answer = { status: number; body: unknown; headers?: Record<string, string> };
const op = (code: string, more: object = {}) => ({ id: `hash-${code}`, op: code, ...more });
const noRetry = { "x-inngest-no-retry": "true" };

test.each<{ name: string; answers: Answer[]; status: string; output: unknown }>([
  { name: "a result", answers: [{ status: 200, body: { a: 1 } }], status: "completed", output: { a: 1 } },
  {
    name: "a whole run at once",
    answers: [{ status: 206, body: [op("RunComplete", { data: "whole" })] }],
    status: "completed",
    output: "whole",
  },
  {
    name: "a request to be asked again",
    answers: [
      { status: 206, body: [op("DiscoveryRequest")] },
      { status: 200, body: null },
    ],
    status: "completed",
    output: null,
  },
  {
    name: "a step that ran, then a result",
    answers: [
      { status: 206, body: [op("StepRun", { data: 1 })] },
      { status: 200, body: "after" },
    ],
    status: "completed",
    output: "after",
  },
  {
    name: "a final error",
    answers: [{ status: 400, body: { message: "no" }, headers: noRetry }],
    status: "failed",
    output: { message: "no" },
  },
  {
    name: "errors to the last attempt",
    answers: [
      { status: 500, body: { message: "one" } },
      { status: 500, body: { message: "two" } },
    ],
    status: "failed",
    output: { message: "two" },
  },
  {
    name: "a refused signature, then a result",
    answers: [
      { status: 401, body: null },
      { status: 200, body: "again" },
    ],
    status: "completed",
    output: "again",
  },
  {
    name: "something that is not a list of steps, then a result",
    answers: [
      { status: 206, body: "no list" },
      { status: 200, body: "again" },
    ],
    status: "completed",
    output: "again",
  },
  {
    name: "nothing at all",
    answers: [{ status: 206, body: [] }],
    status: "failed",
    output: expect.objectContaining({ message: expect.stringContaining("no step that was not already settled") }),
  },
  {
    name: "a step that had already settled",
    answers: [
      { status: 206, body: [op("StepRun", { data: 1 })] },
      { status: 206, body: [op("StepRun", { data: 2 })] },
    ],
    status: "failed",
    output: expect.objectContaining({ message: expect.stringContaining("no step that was not already settled") }),
  },
  {
    name: "an operation the engine does not know",
    answers: [{ status: 206, body: [op("WaitForSignal")] }],
    status: "failed",
    output: expect.objectContaining({ message: expect.stringContaining("WaitForSignal is not implemented") }),
  },
])("an answer of $name leaves the run $status", async ({ answers, status, output }) => {
  const id = uniqueName("scripted");
  const clock = testClock();
  const engine = createEngine({ database: opened.database, now: clock.now, logger: silentLogger });
  let calls = 0;
  await engine.attach(
    async (request) => {
      if (request.method === "PUT") {
        return Response.json({ functions: [functionConfig(id)] }, { headers: { "x-inngest-sync-kind": "in_band" } });
      }
      const answer = answers[calls];
      calls += 1;
      return Response.json(answer?.body, { status: answer?.status ?? 404, headers: answer?.headers });
    },
    { signingKey: "key" },
  );
  await send(engine.fetch, [{ name: id, data: {} }]);
  await engine.drain();
  clock.forward(5000);
  await engine.drain();
  const [run] = await runsOf(id);
  expect(run?.status).toBe(status);
  expect(JSON.parse(run?.output ?? "")).toEqual(output);
  expect(calls).toBe(answers.length);
});

test("what the engine does not implement fails at run time in words, and onFailure hears them", async () => {
  const id = uniqueName("unsupported");
  const heard: string[] = [];
  const { engine, client, attach } = engineBench(opened.database, { appId: id });
  const target = client.createFunction(
    { id: "target", retries: 0, triggers: { event: `${id}/other` } },
    () => undefined,
  );
  const functions = [
    client.createFunction(
      { id: "waits", retries: 2, triggers: { event: id }, onFailure: ({ error }) => void heard.push(error.message) },
      async ({ step }) => void (await step.waitForEvent("wait", { event: "x", timeout: "1h" })),
    ),
    client.createFunction(
      { id: "invokes", retries: 2, triggers: { event: id }, onFailure: ({ error }) => void heard.push(error.message) },
      async ({ step }) => void (await step.invoke("invoke", { function: target, data: {} })),
    ),
    client.createFunction(
      { id: "races", retries: 2, triggers: { event: id }, onFailure: ({ error }) => void heard.push(error.message) },
      async ({ step, group }) => {
        await group.parallel({ mode: "race" }, () => Promise.race([step.sleep("a", "1s"), step.sleep("b", "2s")]));
      },
    ),
  ];
  await attach([...functions, target]);
  await client.send({ name: id, data: {} });
  await engine.drain();
  expect(heard.toSorted()).toEqual([
    `function ${id}-invokes, step "invoke": InvokeFunction is not implemented by the embedded engine`,
    expect.stringContaining(`function ${id}-races, step "a": parallel mode race is not implemented`),
    `function ${id}-waits, step "wait": WaitForEvent is not implemented by the embedded engine`,
  ]);
});

test("an anonymous request to the serve handler gets 401 and runs nothing", async () => {
  const id = uniqueName("anonymous");
  const trace: string[] = [];
  const bench = engineBench(opened.database, { appId: id });
  const fn = bench.client.createFunction({ id, retries: 0, triggers: { event: id } }, () => void trace.push("ran"));
  await bench.attach([fn]);
  const url = `http://localhost/api/inngest?fnId=${id}-${id}&stepId=step`;
  const event = { name: id, data: {} };
  const body = JSON.stringify({ version: -1, event, events: [event], steps: {}, ctx: { run_id: "x", attempt: 0 } });
  const headers = { host: "localhost", "content-type": "application/json" };
  const forged = { ...headers, "x-inngest-signature": `t=${Math.floor(Date.now() / 1000)}&s=${"0".repeat(64)}` };
  const requests = [
    new Request(url, { method: "POST", body, headers }),
    new Request(url, { method: "POST", body, headers: forged }),
    new Request(url, { method: "GET", headers }),
    new Request(url, { method: "PUT", body: JSON.stringify({ url }), headers }),
  ];
  for (const request of requests) expect((await bench.handler(request)).status, request.method).toBe(401);
  expect(trace).toEqual([]);
});

test("the engine takes events and refuses what else the SDK might send it", async () => {
  const id = uniqueName("door");
  const { engine, attach, client } = engineBench(opened.database, { appId: id });
  expect((await send(engine.fetch, [{ name: id, data: {} }])).status).toBe(503);
  await attach([client.createFunction({ id, retries: 0, triggers: { event: id } }, () => undefined)]);
  const publish = await engine.fetch("http://embedded.local/v1/realtime/publish", { method: "POST", body: "{}" });
  expect(publish.status).toBe(501);
  for (const wrong of [
    { data: {} },
    { name: "", data: {} },
    { name: "a\u0000", data: {} },
    { name: "inngest/x", data: {} },
  ]) {
    expect((await send(engine.fetch, [wrong])).status, JSON.stringify(wrong)).toBe(400);
  }
  expect(await runsOf(id)).toEqual([]);
});

test("a send that the SDK repeats with its seed is the same events", async () => {
  const id = uniqueName("seed");
  const { engine, attach, client } = engineBench(opened.database, { appId: id });
  await attach([client.createFunction({ id, retries: 0, triggers: { event: id } }, () => undefined)]);
  const events = [
    { name: id, data: { n: 1 } },
    { name: id, data: { n: 2 } },
  ];
  const ids = async (seed: string) => (await (await send(engine.fetch, events, seed)).json()).ids;
  const first = await ids(`${id},1`);
  expect(new Set(first).size).toBe(2);
  expect(await ids(`${id},1`)).toEqual(first);
  expect(await runsOf(id)).toHaveLength(2);
  expect(await ids(`${id},2`)).not.toEqual(first);
  expect(await runsOf(id)).toHaveLength(4);
});

test("text that Postgres cannot keep in jsonb survives events and steps", async () => {
  const id = uniqueName("nul");
  const seen: unknown[] = [];
  const text = "a\u0000b \ud800 \u2028";
  const { engine, client, attach } = engineBench(opened.database, { appId: id });
  const fn = client.createFunction({ id, retries: 0, triggers: { event: id } }, async ({ event, step }) => {
    const result = await step.run("echo", () => event.data.text);
    await step.run("after", () => void seen.push(event.data.text, result));
  });
  await attach([fn]);
  await client.send({ name: id, data: { text } });
  await engine.drain();
  expect(seen).toEqual([text, text]);
});

function functionConfig(id: string) {
  const runtime = { type: "http", url: "http://embedded.local" };
  return {
    id,
    triggers: [{ event: id }],
    steps: { step: { id: "step", name: "step", runtime, retries: { attempts: 1 } } },
  };
}

function send(fetch: typeof globalThis.fetch, events: object[], seed?: string): Promise<Response> {
  const headers = new Headers(seed === undefined ? [] : [["x-inngest-event-id-seed", seed]]);
  const body = JSON.stringify(events.map((event) => ({ ts: 1, ...event })));
  return fetch("http://embedded.local/e/embedded", { method: "POST", body, headers });
}

function runsOf(functionId: string): Promise<{ status: string; output: string | null }[]> {
  return opened.database.asOwner((tx) =>
    queryRows(
      tx,
      sql`select status, output from engine_runs where function_id in (${functionId}, ${`${functionId}-${functionId}`})`,
    ),
  );
}
