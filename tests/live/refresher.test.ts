import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRefresher, type Reading } from "@/app/live/refresher";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const REST_MS = 700;

/** A refresher whose readings take as long as they are told to. */
function bench() {
  const open: ((reading: Reading) => void)[] = [];
  let count = 0;
  const refresher = createRefresher(() => {
    count += 1;
    return new Promise<Reading>((resolve) => open.push(resolve));
  }, REST_MS);
  const end = async (reading: Reading = "fresh") => {
    open.shift()?.(reading);
    await vi.advanceTimersByTimeAsync(0);
  };
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  return { refresher, count: () => count, open, end, pass };
}

test("the first ask is answered at once, and nothing follows by itself", async () => {
  const { refresher, count, end, pass } = bench();
  refresher.ask();
  expect(count()).toBe(1);
  await end();
  await pass(10 * REST_MS);
  expect(count()).toBe(1);
});

test("a reading longer than the rest is never joined by a second one", async () => {
  const { refresher, count, open, end, pass } = bench();
  for (let step = 0; step < 10; step += 1) {
    refresher.ask();
    await pass(REST_MS);
  }
  expect([count(), open.length]).toEqual([1, 1]);
  await end();
  await pass(REST_MS - 1);
  expect(count()).toBe(1);
  await pass(1);
  expect(count()).toBe(2);
});

test("however often it is asked meanwhile, one more reading follows", async () => {
  const { refresher, count, end, pass } = bench();
  for (let ask = 0; ask < 100; ask += 1) refresher.ask();
  await end();
  for (let ask = 0; ask < 100; ask += 1) refresher.ask();
  await pass(REST_MS);
  await end();
  await pass(10 * REST_MS);
  expect(count()).toBe(2);
});

test("what was read behind is read once more, unasked", async () => {
  const { refresher, count, end, pass } = bench();
  refresher.ask();
  await end("behind");
  await pass(REST_MS);
  expect(count()).toBe(2);
});

test("a reading that broke is tried again after the rest", async () => {
  let count = 0;
  const refresher = createRefresher(() => {
    count += 1;
    return count === 1 ? Promise.reject(new Error("no connection")) : Promise.resolve("fresh");
  }, REST_MS);
  refresher.ask();
  await vi.advanceTimersByTimeAsync(10 * REST_MS);
  expect(count).toBe(2);
});

test("after stop nothing is read, whether it was reading or resting", async () => {
  for (const isResting of [false, true]) {
    const { refresher, count, end, pass } = bench();
    refresher.ask();
    if (isResting) await end();
    refresher.ask();
    refresher.stop();
    await end();
    refresher.ask();
    await pass(10 * REST_MS);
    expect(count()).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  }
});
