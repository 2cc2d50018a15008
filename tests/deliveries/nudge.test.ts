import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createNudge } from "@/server/inngest/nudge";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settings = { quietMs: 100, quietMsMax: 300 };

test("a lone call acts at once, and each key has its own quiet time", () => {
  const acted: string[] = [];
  const { nudge } = createNudge(async (key) => void acted.push(key), settings);
  nudge("one");
  nudge("other");
  expect(acted).toEqual(["one", "other"]);
  vi.advanceTimersByTime(1_000);
  expect(acted).toHaveLength(2);
});

test("calls that keep coming are answered ever more seldom, down to the bound, and the last of them still", () => {
  const actedAt: number[] = [];
  const startedAt = Date.now();
  const { nudge } = createNudge(async () => void actedAt.push(Date.now() - startedAt), settings);
  for (let ms = 0; ms <= 1_000; ms += 10) {
    nudge("one");
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1_000);
  expect(actedAt).toEqual([0, 100, 300, 600, 900, 1_200]);
});

test("after a quiet time the next call acts at once again", () => {
  let acts = 0;
  const { nudge } = createNudge(async () => void acts++, settings);
  nudge("one");
  nudge("one");
  vi.advanceTimersByTime(1_000);
  expect(acts).toBe(2);
  nudge("one");
  expect(acts).toBe(3);
});

test("after a stop nothing acts any more", () => {
  let acts = 0;
  const { nudge, stop } = createNudge(async () => void acts++, settings);
  nudge("one");
  nudge("one");
  stop();
  nudge("other");
  vi.advanceTimersByTime(1_000);
  expect(acts).toBe(1);
});
