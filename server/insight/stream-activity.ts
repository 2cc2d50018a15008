import type { Actor } from "@/server/access";
import { type ActivityCursor, activityAfter, latestActivity } from "@/server/activity";
import type { Database, Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { CHUNK, type Ear, type HeardRow, joinActivityHub, withSources } from "./activity-hub";
import type { ActivityEvent, StreamMessage } from "./output";
import { describeActivity } from "./rules/describe-activity";
import { describeOwnActivity } from "./rules/describe-own-activity";

/** Who missed more than this reads the page anew; replaying would take longer. */
const BEHIND_MAX = 500;

/** Everything that happens, for as long as the signal lasts: the whole organization for an operator, his own for an affiliate. Continues after
 *  `lastEventId`, missing nothing; without one, or when too much was missed, it begins now and says so. What is new is read once for everybody
 *  who listens; only what one missed, it reads by itself.
 *  Errors: unavailable (endActivityStreams was called), and those of reading. */
export async function* streamActivity(
  database: Database,
  actor: Actor,
  lastEventId: string | null,
  signal: AbortSignal,
): AsyncGenerator<StreamMessage, void, void> {
  const scope = scopeOf(actor);
  const ear = await joinActivityHub(database, { orgId: actor.orgId, affiliateId: scope.affiliateId ?? null });
  try {
    const start = await database.inOrganization(actor.orgId, (tx) => startOf(tx, lastEventId, scope));
    let { cursor } = start;
    if (start.isNew) yield { type: "position", id: textOf(cursor) };
    while (!signal.aborted) {
      for await (const heard of nextRows(database, actor, ear, cursor, signal)) {
        if (signal.aborted) return;
        if (!isAfter(heard.row.cursor, cursor)) continue;
        cursor = heard.row.cursor;
        yield { type: "deed", event: toEvent(heard, actor.side) };
      }
    }
  } finally {
    ear.leave();
  }
}

/** What the listener heard, or what it missed: rows in order, some of which it may have had. */
async function* nextRows(
  database: Database,
  actor: Actor,
  ear: Ear,
  from: ActivityCursor,
  signal: AbortSignal,
): AsyncGenerator<HeardRow, void, void> {
  const heard = await ear.heard(signal);
  if (heard === "over") throw new Refusal("unavailable", "the server is stopping; the stream goes on when it is back");
  if (heard !== "behind") return yield* heard;
  let after = from;
  for (;;) {
    const rows = await database.inOrganization(actor.orgId, async (tx) =>
      withSources(tx, await activityAfter(tx, after, scopeOf(actor), CHUNK)),
    );
    yield* rows;
    if (rows.length < CHUNK) return;
    after = rows.at(-1)?.row.cursor ?? after;
  }
}

/** The newest deeds, newest first. */
export async function latestEvents(tx: Tx, actor: Actor, limit: number): Promise<ActivityEvent[]> {
  const rows = await withSources(tx, await latestActivity(tx, scopeOf(actor), limit));
  return rows.map((heard) => toEvent(heard, actor.side));
}

function scopeOf(actor: Actor): { affiliateId?: string } {
  return actor.side === "affiliate" ? { affiliateId: actor.affiliateId } : {};
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

function toEvent({ row, sources }: HeardRow, side: Actor["side"]): ActivityEvent {
  const { kind, subjectId, batchId, eventAt } = row;
  const describe = side === "operator" ? describeActivity : describeOwnActivity;
  return { id: textOf(row.cursor), kind, subjectId, batchId, eventAt, ...describe(row, sources) };
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
