import { type ActivityCursor, type ActivityRow, activityAfter, latestActivity } from "@/server/activity";
import type { Database, Tx } from "@/server/db";
import { log } from "@/server/log";
import { sourceNames } from "./queries";

/** A row of the stream with the names that its words need. */
export type HeardRow = { row: ActivityRow; sources: ReadonlyMap<string, string> };

/** What came for one listener: rows in order; "behind" when it must read up to now by itself first, because it has just come or was too slow to
 *  take what came; "over" when all streams must end. */
type Heard = readonly HeardRow[] | "behind" | "over";

/** One listener of an organization's stream. */
export type Ear = {
  /** What came since the last call: at once when something did, else as soon as something does; nothing when the signal aborts.
   *  Errors: those of reading. */
  heard(signal: AbortSignal): Promise<Heard>;
  leave(): void;
};

/** Lets a burst of commits gather into one reading; far below what a person sees as a delay. */
const GATHER_MS = 50;
/** The net under NOTIFY: finds what a lost notification, or a row behind an older open transaction, left unread. */
const POLL_MS = 1000;
/** Rows per reading: a burst arrives in several, each small enough for one frame. */
export const CHUNK = 200;
/** Rows kept for a listener that takes none: then it reads by itself, and a slow browser costs no memory. */
const QUEUE_MAX = 1000;

type Listener = {
  /** Only rows of this affiliate; null: all of the organization. */
  affiliateId: string | null;
  rows: HeardRow[];
  isBehind: boolean;
  failure: unknown;
  wake: (() => void) | undefined;
};

/** Reads the stream of one organization for all who listen to it in this process. */
type Reader = {
  listeners: Set<Listener>;
  /** Everything up to here was handed out; set before anybody listens. */
  cursor: ActivityCursor;
  ready: Promise<void>;
  isReading: boolean;
  isDue: boolean;
};

type Hub = { database: Database; readers: Map<string, Reader>; stop: (() => void) | undefined; isOver: boolean };

/** `globalThis`, because Next may load this module more than once in a process; one hub listens for all of them. */
const shelf = globalThis as typeof globalThis & { tributaryActivityHubs?: WeakMap<Database, Hub> };

/** Begins to listen. The process listens and polls only while somebody does, and reads once for everybody of an organization.
 *  Errors: those of reading. */
export async function joinActivityHub(
  database: Database,
  who: { orgId: string; affiliateId: string | null },
): Promise<Ear> {
  const hub = hubOf(database);
  const reader = readerOf(hub, who.orgId);
  const listener: Listener = {
    affiliateId: who.affiliateId,
    rows: [],
    isBehind: true,
    failure: undefined,
    wake: undefined,
  };
  reader.listeners.add(listener);
  hub.stop ??= startListening(hub);
  const leave = () => {
    reader.listeners.delete(listener);
    if (reader.listeners.size === 0 && hub.readers.get(who.orgId) === reader) hub.readers.delete(who.orgId);
    if (hub.readers.size > 0) return;
    hub.stop?.();
    hub.stop = undefined;
  };
  try {
    await reader.ready;
  } catch (error) {
    leave();
    throw error;
  }
  return { heard: (signal) => heard(hub, listener, signal), leave };
}

/** Ends every stream over a database, now and from now on: a server cannot stop while one is open, and the browsers come back by
 *  themselves when it is up again. */
export function endActivityStreams(database: Database): void {
  const hub = hubOf(database);
  hub.isOver = true;
  for (const reader of hub.readers.values()) for (const listener of reader.listeners) listener.wake?.();
}

function hubOf(database: Database): Hub {
  shelf.tributaryActivityHubs ??= new WeakMap();
  const hub = shelf.tributaryActivityHubs.get(database) ?? {
    database,
    readers: new Map(),
    stop: undefined,
    isOver: false,
  };
  shelf.tributaryActivityHubs.set(database, hub);
  return hub;
}

function readerOf(hub: Hub, orgId: string): Reader {
  const known = hub.readers.get(orgId);
  if (known) return known;
  const reader: Reader = {
    listeners: new Set(),
    cursor: { txId: "0", seq: "0" },
    ready: Promise.resolve(),
    isReading: true,
    isDue: false,
  };
  reader.ready = begin(hub, orgId, reader);
  hub.readers.set(orgId, reader);
  return reader;
}

/** Everything there is now is each listener's own to read; the reader goes on from here. */
async function begin(hub: Hub, orgId: string, reader: Reader): Promise<void> {
  try {
    const [latest] = await hub.database.inOrganization(orgId, (tx) => latestActivity(tx, {}, 1));
    if (latest) reader.cursor = latest.cursor;
  } catch (error) {
    hub.readers.delete(orgId);
    throw error;
  }
  reader.isReading = false;
  if (reader.isDue) void read(hub, orgId, reader);
}

async function heard(hub: Hub, listener: Listener, signal: AbortSignal): Promise<Heard> {
  if (listener.isBehind && !hub.isOver) {
    // From here on rows are kept: whatever was handed out before, a reading that begins after this sees.
    listener.isBehind = false;
    return "behind";
  }
  const hasNews = listener.rows.length > 0 || listener.isBehind || listener.failure !== undefined;
  if (!hasNews && !signal.aborted && !hub.isOver) {
    const wakeUp = () => listener.wake?.();
    await new Promise<void>((resolve) => {
      listener.wake = resolve;
      signal.addEventListener("abort", wakeUp, { once: true });
    });
    signal.removeEventListener("abort", wakeUp);
    listener.wake = undefined;
  }
  if (hub.isOver) return "over";
  if (listener.failure !== undefined) throw listener.failure;
  if (listener.isBehind) return heard(hub, listener, signal);
  return listener.rows.splice(0);
}

/** Hands out what came since the last reading, one reading at a time. A failure ends the streams: their browsers come back and go on where they
 *  were. */
async function read(hub: Hub, orgId: string, reader: Reader): Promise<void> {
  reader.isDue = true;
  if (reader.isReading) return;
  reader.isReading = true;
  try {
    while (reader.isDue && reader.listeners.size > 0) {
      reader.isDue = false;
      const rows = await hub.database.inOrganization(orgId, async (tx) =>
        withSources(tx, await activityAfter(tx, reader.cursor, {}, CHUNK)),
      );
      reader.cursor = rows.at(-1)?.row.cursor ?? reader.cursor;
      for (const listener of reader.listeners) hand(rows, listener);
      if (rows.length === CHUNK) reader.isDue = true;
    }
  } catch (error) {
    for (const listener of reader.listeners) {
      listener.failure = error;
      listener.wake?.();
    }
    hub.readers.delete(orgId);
  } finally {
    reader.isReading = false;
  }
}

/** Rows of the stream with the names for their words. */
export async function withSources(tx: Tx, rows: readonly ActivityRow[]): Promise<HeardRow[]> {
  const sources = rows.length > 0 ? await sourceNames(tx) : new Map<string, string>();
  return rows.map((row) => ({ row, sources }));
}

function hand(rows: readonly HeardRow[], listener: Listener): void {
  if (listener.isBehind) return;
  const its = listener.affiliateId === null ? rows : rows.filter(({ row }) => row.affiliateId === listener.affiliateId);
  if (its.length === 0) return;
  listener.rows.push(...its);
  if (listener.rows.length > QUEUE_MAX) {
    listener.rows = [];
    listener.isBehind = true;
  }
  listener.wake?.();
}

function startListening(hub: Hub): () => void {
  let isStopped = false;
  let stopListening: (() => Promise<void>) | undefined;
  const due = new Set<string>();
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const readOf = (orgId: string) => {
    const reader = hub.readers.get(orgId);
    if (reader) void read(hub, orgId, reader);
  };
  const readDue = () => {
    gathering = undefined;
    for (const orgId of due) readOf(orgId);
    due.clear();
  };
  const poll = setInterval(() => {
    for (const orgId of hub.readers.keys()) readOf(orgId);
  }, POLL_MS);
  const stop = () => {
    stopListening?.().catch((error) => log.warn({ err: error }, "stopped listening for activity uncleanly"));
  };
  hub.database
    .listen("activity", (orgId) => {
      due.add(orgId);
      gathering ??= setTimeout(readDue, GATHER_MS);
    })
    .then(
      (end) => {
        stopListening = end;
        if (isStopped) stop();
      },
      (error) => log.warn({ err: error }, "cannot listen for activity; reading it once a second instead"),
    );
  return () => {
    isStopped = true;
    clearInterval(poll);
    clearTimeout(gathering);
    stop();
  };
}
