const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Waits between looks at an attempt, the last one for ever: most payouts settle within seconds, a few take weeks. */
const WAITS_MS = [2 * SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, HOUR] as const;

/** A paid payout can come back without a callback (PayPal sends none for REVERSED), so it is looked at for this long. */
const WATCH_MS = 60 * DAY;

/** A key is never repeated on its last day: clocks differ, and the provider's window began when its own did. */
const WINDOW_MARGIN_MS = DAY;

/** How payouts of an attempt stand, as far as the schedule cares. */
export type Standing = { readonly moving: number; readonly paid: number };

/** When to look again after `checks` looks, or not before `waitMsMin` from now. */
export function nextCheckAt(checks: number, now: Date, waitMsMin = 0): Date {
  const waitMs = WAITS_MS[Math.min(checks, WAITS_MS.length - 1)] ?? HOUR;
  return new Date(now.getTime() + Math.max(waitMs, waitMsMin));
}

/** When to look again at an accepted attempt; null when nothing of it can change any more. */
export function nextLookAt(standing: Standing, attempt: { checks: number; sentAt: Date }, now: Date): Date | null {
  if (standing.moving > 0) return nextCheckAt(attempt.checks, now);
  const isWatched = standing.paid > 0 && now.getTime() - attempt.sentAt.getTime() < WATCH_MS;
  return isWatched ? new Date(now.getTime() + DAY) : null;
}

/** Whether an attempt that was only ever refused for now has waited so long that a person should know: a day, and not only because nobody sent it. */
export function isLongWait(attempt: { checks: number; createdAt: Date }, now: Date): boolean {
  return attempt.checks >= WAITS_MS.length && now.getTime() - attempt.createdAt.getTime() >= DAY;
}

/** Whether the same bytes may go out again under the same key without the risk that the provider pays twice. */
export function isRepeatSafe(firstSentAt: Date | null, repeatWindowDays: number, now: Date): boolean {
  if (firstSentAt === null) return true;
  return now.getTime() - firstSentAt.getTime() < repeatWindowDays * DAY - WINDOW_MARGIN_MS;
}
