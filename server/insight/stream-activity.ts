import type { Viewer } from "@/server/access";
import { type ActivityCursor, type ActivityRow, activityAfter, latestActivity } from "@/server/activity";
import type { Database, Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { joinActivityHub } from "./activity-hub";
import { sourceNames } from "./queries";
import { type Description, describeActivity } from "./rules/describe-activity";

/** One deed, told for a screen. `id` is its place in the stream. */
export type ActivityEvent = Description & {
  id: string;
  kind: string;
  subjectId: string;
  batchId: string | null;
  /** What the deed said of itself, as texts; for screens that follow one thing. */
  details: Record<string, string | null>;
  eventAt: Date;
};

/** What the stream sends: deeds, and now and then where it begins anew, after which the screen must read everything again. */
export type StreamMessage = { type: "deed"; event: ActivityEvent } | { type: "position"; id: string };

/** Rows per reading: a burst arrives in several, each small enough for one frame. */
const CHUNK = 200;
/** Who missed more than this reads the page anew; replaying would take longer. */
const BEHIND_MAX = 500;

/** Everything that happens, for as long as the signal lasts: the whole organization for an operator, his own for an affiliate. Continues after
 *  `lastEventId`, missing nothing; without one, or when too much was missed, it begins now and says so.
 *  Errors: unavailable (endActivityStreams was called). */
export async function* streamActivity(
  database: Database,
  viewer: Viewer,
  lastEventId: string | null,
  signal: AbortSignal,
): AsyncGenerator<StreamMessage, void, void> {
  const scope = viewer.role === "affiliate" ? { affiliateId: viewer.affiliateId } : {};
  const bell = joinActivityHub(database, viewer.orgId);
  try {
    const start = await database.inOrganization(viewer.orgId, (tx) => startOf(tx, lastEventId, scope));
    let { cursor } = start;
    if (start.isNew) yield { type: "position", id: textOf(cursor) };
    while (!signal.aborted) {
      const after = cursor;
      const events = await database.inOrganization(viewer.orgId, async (tx) =>
        describeAll(tx, await activityAfter(tx, after, scope, CHUNK)),
      );
      for (const { row, event } of events) {
        if (signal.aborted) return;
        cursor = row.cursor;
        yield { type: "deed", event };
      }
      if (events.length < CHUNK && (await bell.rung(signal)) === "over") {
        throw new Refusal("unavailable", "the server is stopping; the stream goes on when it is back");
      }
    }
  } finally {
    bell.leave();
  }
}

/** The newest deeds, newest first. */
export async function latestEvents(tx: Tx, viewer: Viewer, limit: number): Promise<ActivityEvent[]> {
  const scope = viewer.role === "affiliate" ? { affiliateId: viewer.affiliateId } : {};
  return (await describeAll(tx, await latestActivity(tx, scope, limit))).map(({ event }) => event);
}

/** A place in the stream as text: `${txId}-${seq}`. */
export const PLACE = /^\d{1,20}-\d{1,19}$/;

async function startOf(
  tx: Tx,
  lastEventId: string | null,
  scope: { affiliateId?: string },
): Promise<{ cursor: ActivityCursor; isNew: boolean }> {
  // The end of everything, also for an affiliate: from his own last row on, each reading would pass over all that came since.
  const [latest] = await latestActivity(tx, {}, 1);
  const end = latest?.cursor ?? { txId: "0", seq: "0" };
  const asked = cursorOf(lastEventId);
  // A place beyond the end is from another database: one that was wiped, or restored from a backup.
  if (!asked || isAfter(asked, end)) return { cursor: end, isNew: true };
  const missed = await activityAfter(tx, asked, scope, BEHIND_MAX + 1);
  return missed.length > BEHIND_MAX ? { cursor: end, isNew: true } : { cursor: asked, isNew: false };
}

async function describeAll(
  tx: Tx,
  rows: readonly ActivityRow[],
): Promise<{ row: ActivityRow; event: ActivityEvent }[]> {
  if (rows.length === 0) return [];
  const sources = await sourceNames(tx);
  return rows.map((row) => ({
    row,
    event: {
      id: textOf(row.cursor),
      kind: row.kind,
      subjectId: row.subjectId,
      batchId: row.batchId,
      details: row.details,
      eventAt: row.eventAt,
      ...describeActivity(row, sources),
    },
  }));
}

function cursorOf(id: string | null): ActivityCursor | null {
  const [txId, seq] = id !== null && PLACE.test(id) ? id.split("-") : [];
  return txId === undefined || seq === undefined ? null : { txId, seq };
}

function isAfter(a: ActivityCursor, b: ActivityCursor): boolean {
  const [aTx, bTx] = [BigInt(a.txId), BigInt(b.txId)];
  return aTx === bTx ? BigInt(a.seq) > BigInt(b.seq) : aTx > bTx;
}

function textOf(cursor: ActivityCursor): string {
  return `${cursor.txId}-${cursor.seq}`;
}
