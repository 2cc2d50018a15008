import { latestSlot } from "@/server/time";

/** The wall-clock hours at which a digest may go out, in the affiliate's own zone. */
const DIGEST_HOURS = [8, 13, 18] as const;

/** How long a digest waits after its slot. A movement carries the time at which its transaction began, and is visible when that has
 *  committed: a transaction that began before the slot and commits after the digest was written would never be told. Statements are
 *  cancelled after 30 s, idle transactions after 60 s and waits for a connection after 10 s: five minutes are beyond all of it. */
const SETTLE_MS = 5 * 60_000;

/** The end of the period that a digest written at `now` tells about: the latest slot in the zone that is settled.
 *  Errors: invalid_input (unknown zone). */
export function digestSlot(now: Date, timeZone: string): Date {
  return latestSlot(new Date(now.getTime() - SETTLE_MS), DIGEST_HOURS, timeZone);
}
