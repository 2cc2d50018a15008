import { expect, test } from "vitest";
import { canMove, type PayoutState, stateAfterReport } from "@/server/rails";

const states: PayoutState[] = [
  "queued",
  "submitting",
  "submitted",
  "paid",
  "failed",
  "unclaimed",
  "returned",
  "reversed",
  "unknown",
  "canceled",
];

// Written out a second time on purpose: the graph is the guarantee.
const moves = [
  "queued>submitting",
  "queued>canceled",
  "submitting>submitted",
  "submitting>failed",
  "submitting>unknown",
  "submitted>paid",
  "submitted>failed",
  "submitted>unclaimed",
  "submitted>returned",
  "submitted>unknown",
  "unknown>submitted",
  "unknown>failed",
  "unknown>paid",
  "unknown>unclaimed",
  "unknown>returned",
  "unclaimed>paid",
  "unclaimed>returned",
  "paid>returned",
  "paid>reversed",
];

test("a payout moves along these edges and along no others", () => {
  const found = states.flatMap((from) => states.flatMap((to) => (canMove(from, to) ? [`${from}>${to}`] : [])));
  expect(found.sort()).toEqual([...moves].sort());
});

test("from nowhere can a payout be sent a second time", () => {
  expect(states.filter((from) => canMove(from, "queued"))).toEqual([]);
  expect(states.filter((from) => canMove(from, "submitting"))).toEqual(["queued"]);
});

test.each<[from: PayoutState, reported: PayoutState, to: PayoutState | null]>([
  ["submitted", "paid", "paid"],
  ["paid", "failed", "returned"],
  ["paid", "returned", "returned"],
  ["paid", "submitted", null],
  ["paid", "paid", null],
  ["paid", "unknown", null],
  ["unclaimed", "submitted", null],
  ["unclaimed", "failed", "returned"],
  ["failed", "paid", null],
  ["returned", "paid", null],
  ["queued", "paid", null],
])("%s, reported as %s, leads to %s", (from, reported, to) => {
  expect(stateAfterReport(from, reported)).toBe(to);
});
