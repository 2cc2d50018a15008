import { NonRetriableError, RetryAfterError, type StepError } from "inngest";
import { expect } from "vitest";
import { type Driver, uniqueName } from "./driver";

/** What every runner of our functions must do, whether embedded or a real Inngest server. */
export const scenarios: { name: string; run: (driver: Driver) => Promise<void> }[] = [
  {
    name: "steps run in order, each once, and hand their results on",
    async run({ client, serve, until }) {
      const event = uniqueName("order");
      const trace: string[] = [];
      const fn = client.createFunction({ id: event, retries: 0, triggers: { event } }, async ({ step }) => {
        const one = await step.run("one", () => {
          trace.push("one");
          return { value: 1, missing: undefined };
        });
        const two = await step.run("two", () => {
          trace.push("two");
          return one.value + 1;
        });
        await step.run("three", () => void trace.push(`three after ${two}`));
        return "done";
      });
      await serve([fn]);
      await client.send({ name: event, data: {} });
      await until(() => trace.length === 3);
      expect(trace).toEqual(["one", "two", "three after 2"]);
    },
  },
  {
    name: "a failing step is tried again by itself, counting its own attempts",
    async run({ client, serve, until }) {
      const event = uniqueName("retry");
      const trace: string[] = [];
      const fn = client.createFunction({ id: event, retries: 2, triggers: { event } }, async ({ step, attempt }) => {
        await step.run("before", () => void trace.push("before"));
        await step.run("shaky", () => {
          trace.push(`shaky ${attempt}`);
          if (attempt < 2) throw new Error("not yet");
        });
        await step.run("after", () => void trace.push(`after ${attempt}`));
      });
      await serve([fn]);
      await client.send({ name: event, data: {} });
      await until(() => trace.includes("after 0"));
      expect(trace).toEqual(["before", "shaky 0", "shaky 1", "shaky 2", "after 0"]);
    },
  },
  {
    name: "a NonRetriableError ends the run at its first attempt and calls onFailure with the error and the event",
    async run({ client, serve, until, moment }) {
      const event = uniqueName("fatal");
      const trace: string[] = [];
      const fn = client.createFunction(
        {
          id: event,
          retries: 3,
          triggers: { event },
          onFailure: ({ event: failed, error }) => {
            trace.push(`onFailure: ${error.message}, ${failed.data.event.name}, ${failed.data.event.data.n}`);
          },
        },
        async ({ step }) => {
          await step.run("fatal", () => {
            trace.push("fatal");
            throw new NonRetriableError("never");
          });
        },
      );
      await serve([fn]);
      await client.send({ name: event, data: { n: 7 } });
      await until(() => trace.length === 2);
      await moment();
      expect(trace).toEqual(["fatal", `onFailure: never, ${event}, 7`]);
    },
  },
  {
    name: "a step out of attempts rejects as a StepError that the function may catch",
    async run({ client, serve, until }) {
      const event = uniqueName("caught");
      const trace: string[] = [];
      const fn = client.createFunction({ id: event, retries: 1, triggers: { event } }, async ({ step }) => {
        const broken = step.run("broken", () => {
          trace.push("broken");
          throw new TypeError("no luck");
        });
        const caught = await broken.catch((error: StepError) => error);
        await step.run(
          "instead",
          () => void trace.push(caught instanceof Error ? `${caught.name}: ${caught.message}` : ""),
        );
      });
      await serve([fn]);
      await client.send({ name: event, data: {} });
      await until(() => trace.length === 3);
      expect(trace).toEqual(["broken", "broken", "TypeError: no luck"]);
    },
  },
  {
    name: "a failing function body is replayed with the next attempt, and finished steps are not run again",
    async run({ client, serve, until }) {
      const event = uniqueName("body");
      const trace: string[] = [];
      const fn = client.createFunction({ id: event, retries: 2, triggers: { event } }, async ({ step, attempt }) => {
        await step.run("once", () => void trace.push("once"));
        trace.push(`body ${attempt}`);
        if (attempt < 2) throw new Error("body");
        return "done";
      });
      await serve([fn]);
      await client.send({ name: event, data: {} });
      await until(() => trace.includes("body 2"));
      expect(trace).toEqual(["once", "body 0", "body 1", "body 2"]);
    },
  },
  {
    name: "a RetryAfterError sets the wait before the next attempt",
    async run({ client, serve, until, now }) {
      const event = uniqueName("later");
      const times: number[] = [];
      const fn = client.createFunction({ id: event, retries: 1, triggers: { event } }, async ({ step }) => {
        await step.run("later", () => {
          times.push(now());
          if (times.length === 1) throw new RetryAfterError("busy", "20s");
        });
      });
      await serve([fn]);
      await client.send({ name: event, data: {} });
      await until(() => times.length === 2);
      const [first = 0, second = 0] = times;
      expect(second - first).toBeGreaterThanOrEqual(19_000);
      expect(second - first).toBeLessThan(30_000);
    },
  },
  {
    name: "steps reported together settle together: what follows one waits for all of them",
    async run({ client, serve, until, now }) {
      const event = uniqueName("barrier");
      const times = new Map<string, number>();
      const mark = (name: string) => () => void times.set(name, now());
      const fn = client.createFunction({ id: event, retries: 0, triggers: { event } }, async ({ step }) => {
        await Promise.all([
          step.run("a1", mark("a1")).then(() => step.run("a2", mark("a2"))),
          step.run("b1", mark("b1")),
          step.sleep("c1", "5s"),
        ]);
        await step.run("end", mark("end"));
      });
      await serve([fn]);
      await client.send({ name: event, data: {} });
      await until(() => times.has("end"));
      expect([...times.keys()].slice(0, 2).sort()).toEqual(["a1", "b1"]);
      expect([...times.keys()].slice(2)).toEqual(["a2", "end"]);
      expect((times.get("a2") ?? 0) - (times.get("a1") ?? 0)).toBeGreaterThanOrEqual(4_500);
    },
  },
  {
    name: "a parallel step that fails rejects the run only after its siblings have finished",
    async run({ client, serve, until }) {
      const event = uniqueName("siblings");
      const trace: string[] = [];
      const fn = client.createFunction(
        {
          id: event,
          retries: 1,
          triggers: { event },
          onFailure: ({ error }) => void trace.push(`failed: ${error.message}`),
        },
        async ({ step, attempt }) => {
          await Promise.all([
            step.run("bad", () => {
              throw new NonRetriableError("bad");
            }),
            step.run("slow", () => {
              trace.push(`slow ${attempt}`);
              if (attempt === 0) throw new Error("once more");
            }),
          ]);
        },
      );
      await serve([fn]);
      await client.send({ name: event, data: {} });
      await until(() => trace.length === 3);
      expect(trace).toEqual(["slow 0", "slow 1", "failed: bad"]);
    },
  },
  {
    name: "sleep and sleepUntil let their time pass",
    async run({ client, serve, until, now }) {
      const event = uniqueName("sleep");
      const times: number[] = [];
      const fn = client.createFunction({ id: event, retries: 0, triggers: { event } }, async ({ step }) => {
        const start = await step.run("before", () => times.push(now()) && now());
        await step.sleep("nap", "3s");
        await step.run("between", () => void times.push(now()));
        await step.sleepUntil("until", new Date(start + 8000));
        await step.run("after", () => void times.push(now()));
      });
      await serve([fn]);
      await client.send({ name: event, data: {} });
      await until(() => times.length === 3);
      const [before = 0, between = 0, after = 0] = times;
      expect(between - before).toBeGreaterThanOrEqual(2_900);
      expect(after - before).toBeGreaterThanOrEqual(7_900);
      expect(after - before).toBeLessThan(20_000);
    },
  },
  {
    name: "sendEvent starts the functions that listen, once, and returns the event's id",
    async run({ client, serve, until, moment }) {
      const event = uniqueName("chain");
      const trace: unknown[] = [];
      const first = client.createFunction({ id: event, retries: 0, triggers: { event } }, async ({ step }) => {
        const { ids } = await step.sendEvent("tell", { name: `${event}/next`, data: { from: "first" } });
        await step.run("count", () => void trace.push(ids.length));
      });
      const second = client.createFunction(
        { id: `${event}-next`, retries: 0, triggers: { event: `${event}/next` } },
        ({ event: { data } }) => void trace.push(data.from),
      );
      await serve([first, second]);
      await client.send({ name: event, data: {} });
      await until(() => trace.length === 2);
      await moment();
      expect(trace.toSorted()).toEqual([1, "first"]);
    },
  },
  {
    name: "an event id that was seen before starts nothing",
    async run({ client, serve, until, moment }) {
      const event = uniqueName("dedupe");
      const trace: unknown[] = [];
      const fn = client.createFunction({ id: event, retries: 0, triggers: { event } }, ({ event: { data } }) => {
        trace.push(data.n);
      });
      await serve([fn]);
      await client.send({ id: `${event}-1`, name: event, data: { n: 1 } });
      await until(() => trace.length === 1);
      await client.send({ id: `${event}-1`, name: event, data: { n: 2 } });
      await client.send([
        { id: `${event}-3`, name: event, data: { n: 3 } },
        { id: `${event}-3`, name: event, data: { n: 3 } },
      ]);
      await until(() => trace.length === 2);
      await moment();
      expect(trace).toEqual([1, 3]);
    },
  },
  {
    name: "a cron starts its function on the minute with a timer event",
    async run({ client, serve, until }) {
      const id = uniqueName("cron");
      const trace: string[] = [];
      const fn = client.createFunction({ id, retries: 0, triggers: { cron: "TZ=UTC * * * * *" } }, ({ event }) => {
        trace.push(`${event.name} ${"cron" in event.data && event.data.cron}`);
      });
      await serve([fn]);
      await until(() => trace.length === 1);
      expect(trace).toEqual(["inngest/scheduled.timer TZ=UTC * * * * *"]);
    },
  },
  {
    name: "a trigger's condition chooses events, and what is missing reads as null",
    async run({ client, serve, until, moment }) {
      const event = uniqueName("filter");
      const trace: string[] = [];
      const listen = (name: string, condition: string) =>
        client.createFunction(
          { id: `${event}-${name}`, retries: 0, triggers: { event, if: condition } },
          ({ event: { data } }) => void trace.push(`${name} ${data.n}`),
        );
      await serve([
        listen("large", "event.data.n > 1 && event.data.kind == 'a'"),
        listen("unlike", "event.data.nowhere.deep != 'x' && event.data.n == 1"),
        listen("null", "event.data.nowhere.deep == null && event.data.n == 2"),
        listen("never", "event.data.nowhere > 3 || event.data.n == '2'"),
      ]);
      await client.send([
        { name: event, data: { n: 1, kind: "a" } },
        { name: event, data: { n: 2, kind: "a" } },
        { name: event, data: { n: 3, kind: "b" } },
      ]);
      await until(() => trace.length === 3);
      await moment();
      expect(trace.toSorted()).toEqual(["large 2", "null 2", "unlike 1"]);
    },
  },
  {
    name: "a trigger name may end in a star",
    async run({ client, serve, until, moment }) {
      const event = uniqueName("star");
      const trace: string[] = [];
      const fn = client.createFunction({ id: event, retries: 0, triggers: { event: `${event}/*` } }, (input) => {
        trace.push(String(input.event.name).slice(event.length));
      });
      await serve([fn]);
      await client.send([
        { name: `${event}/a`, data: {} },
        { name: `${event}-other`, data: {} },
      ]);
      await until(() => trace.length === 1);
      await moment();
      expect(trace).toEqual(["/a"]);
    },
  },
  {
    name: "a concurrency key limits the calls of one value and lets other values run beside it",
    async run({ client, serve, until }) {
      const event = uniqueName("lanes");
      const active = new Map<string, number>();
      const most = new Map<string, number>();
      let finished = 0;
      let meet = () => {};
      const bothActive = new Promise<void>((resolve) => {
        meet = resolve;
      });
      const fn = client.createFunction(
        { id: event, retries: 0, triggers: { event }, concurrency: { limit: 1, key: "event.data.lane" } },
        async ({ event: { data }, step }) => {
          await step.run("work", async () => {
            active.set(data.lane, (active.get(data.lane) ?? 0) + 1);
            most.set(data.lane, Math.max(most.get(data.lane) ?? 0, active.get(data.lane) ?? 0));
            if (active.get("a") && active.get("b")) meet();
            await bothActive;
            active.set(data.lane, (active.get(data.lane) ?? 0) - 1);
          });
          finished += 1;
        },
      );
      await serve([fn]);
      await client.send(["a", "a", "a", "b", "b"].map((lane) => ({ name: event, data: { lane } })));
      await until(() => finished >= 5);
      expect(Object.fromEntries(most)).toEqual({ a: 1, b: 1 });
    },
  },
];
