import { expect, test } from "vitest";
import { people } from "@/scripts/demo/history/people";
import { HISTORY_DAYS, planHistory } from "@/scripts/demo/history/plan-history";
import type { ReportedState } from "@/simulator/networks/plan-reports";

const now = new Date("2026-05-04T11:30:00Z");
const DAY_MS = 24 * 3_600_000;

test("the past is the same at every start but for its dates", () => {
  const later = new Date(now.getTime() + 3 * DAY_MS);
  const undated = (at: Date) =>
    planHistory(at).map((event) =>
      event.kind === "report"
        ? [
            event.source,
            event.person,
            event.click,
            event.report.externalId,
            event.report.state,
            event.report.sale,
            event.report.reward,
          ]
        : [event.kind, event.source],
    );
  expect(undated(later)).toEqual(undated(now));
});

test("the past is in order, begins months ago and never reaches into the future", () => {
  const times = planHistory(now).map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThan(now.getTime() - HISTORY_DAYS * DAY_MS);
  expect(times[0]).toBeLessThan(now.getTime() - 110 * DAY_MS);
  expect(times.at(-1)).toBeLessThan(now.getTime());
  expect(times.at(-1)).toBeGreaterThan(now.getTime() - 2 * DAY_MS);
});

test("nobody buys before joining, and every visit comes before what it led to", () => {
  const visits = new Map<string, number>();
  for (const event of planHistory(now)) {
    if (event.kind === "unreadable" || event.person === null) continue;
    const joined = now.getTime() - (people[event.person]?.joinedDaysAgo ?? HISTORY_DAYS) * DAY_MS;
    expect(event.at.getTime()).toBeGreaterThan(joined);
    if (event.kind === "visit") visits.set(event.click, event.at.getTime());
    else if (event.click !== null) expect(visits.get(event.click)).toBeLessThan(event.at.getTime());
  }
});

/** What a network may say after what: a decision follows the first report, a reversal only an approval. */
const MAY_FOLLOW = {
  pending: ["approved", "declined"],
  approved: ["approved", "reversed"],
  declined: [],
  reversed: [],
} as const satisfies Record<ReportedState, readonly ReportedState[]>;

test("every word about one purchase follows the one before it", () => {
  const last = new Map<string, { at: number; state: ReportedState }>();
  let followed = 0;
  for (const event of planHistory(now)) {
    if (event.kind !== "report") continue;
    const { externalId, state, isRepeat } = event.report;
    const before = last.get(externalId);
    last.set(externalId, { at: event.at.getTime(), state });
    if (before === undefined) {
      expect(isRepeat, `${externalId} begins with a repeat`).toBe(false);
      expect(["pending", "approved"]).toContain(state);
      continue;
    }
    followed += 1;
    expect(event.at.getTime()).toBeGreaterThan(before.at);
    if (isRepeat) expect(state).toBe(before.state);
    else expect(MAY_FOLLOW[before.state], `${externalId}: ${state} after ${before.state}`).toContain(state);
  }
  expect(followed).toBeGreaterThan(300);
});
