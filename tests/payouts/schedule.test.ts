import { expect, test } from "vitest";
import { payouts, tasks } from "@/drizzle/schema/payouts";
import { isRepeatSafe, nextCheckAt, nextLookAt } from "@/server/payouts/rules/check-schedule";
import { isProof } from "@/server/payouts/rules/is-proof";
import { postingsOf } from "@/server/payouts/rules/postings";
import { PROVEN_UNPAID, STATES, UNDERWAY } from "@/server/payouts/rules/states";
import { TASK_KINDS } from "@/server/payouts/tasks";

const now = new Date("2026-03-01T10:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const seconds = (at: Date | null) => at && (at.getTime() - now.getTime()) / 1000;

test("looks are far apart when many were in vain, and never sooner than the provider asks", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((checks) => seconds(nextCheckAt(checks, now)))).toEqual([
    2, 5, 15, 60, 300, 3600, 3600,
  ]);
  expect(seconds(nextCheckAt(0, now, 40_000))).toBe(40);
});

test("an attempt is watched while a payout moves, daily for sixty days while one could come back, then never", () => {
  const look = (moving: number, paid: number, age: number) =>
    seconds(nextLookAt({ moving, paid }, { checks: 9, sentAt: daysAgo(age) }, now));
  expect([look(1, 0, 90), look(0, 1, 59), look(0, 1, 60), look(0, 0, 0)]).toEqual([3600, 86_400, null, null]);
});

test("the same key is safe until a day before the provider forgets it, and always when it never went out", () => {
  expect(
    [null, daysAgo(0), daysAgo(28.9), daysAgo(29), daysAgo(31)].map((sent) => isRepeatSafe(sent, 30, now)),
  ).toEqual([true, true, true, false, false]);
});

test("a refusal is proof only when no answer can have been lost", () => {
  const judged = (state: string, sends: number, checks: number) => isProof({ state, sends, checks });
  expect(judged("submitting", 1, 0), "the first answer").toBe(true);
  expect(judged("submitting", 4, 3), "three refusals before it are on record").toBe(true);
  expect(judged("submitting", 2, 0), "one answer is missing").toBe(false);
  expect(judged("unknown", 2, 1), "one answer was lost").toBe(false);
});

test("the states of a payout are the same to the rooms and to the database", () => {
  expect(payouts.state.enumValues).toEqual([...STATES]);
  expect(tasks.kind.enumValues).toEqual([...TASK_KINDS]);
  expect([...UNDERWAY, ...PROVEN_UNPAID, "paid"].sort(), "each is one of three things").toEqual([...STATES].sort());
});

test("every booking of a payout's life is undone by its way back", () => {
  const amount = { minor: 2000n, currency: "EUR" };
  const lives = [
    ["planned", "canceled"],
    ["planned", "queued", "canceled"],
    ["planned", "queued", "submitting", "failed"],
    ["planned", "queued", "submitting", "submitted", "unclaimed", "returned"],
    ["planned", "queued", "submitting", "unknown", "submitted", "paid", "returned"],
    ["planned", "queued", "submitting", "submitted", "paid", "reversed"],
  ] as const;
  for (const life of lives) {
    const sums = new Map<string, bigint>();
    life.slice(1).forEach((to, index) => {
      for (const { debit, credit } of postingsOf({ from: life[index] ?? "planned", to, amount, fee: null })) {
        sums.set(debit, (sums.get(debit) ?? 0n) + 1n);
        sums.set(credit, (sums.get(credit) ?? 0n) - 1n);
      }
    });
    expect(
      [...sums.values()].every((sum) => sum === 0n),
      life.join(" → "),
    ).toBe(true);
  }
});
