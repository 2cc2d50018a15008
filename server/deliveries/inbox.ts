import { type Database, sqlStateIn } from "@/server/db";
import { Refusal, refusalIn } from "@/server/errors";
import { findSourceByToken, type InboxSource } from "./find-source";
import { type NewDelivery, type Receipt, receiveDeliveries } from "./receive-deliveries";

/** Rows in one statement, and statements at once: measured to keep one connection fast, many connections grouped, and the process busy
 *  while commits are awaited. */
const ROWS_PER_FLUSH = 500;
const FLUSHES_AT_ONCE = 4;
/** What may wait for its commit while the database is slow or gone; whoever comes then is asked to try again. */
const WAITING_MAX = 10_000;
const WAITING_BYTES_MAX = 64 * 1024 * 1024;
/** How long a source read from the database is trusted: an ended source stops within this time. */
const SOURCE_TRUSTED_MS = 2_000;

export type Inbox = {
  /** Resolves after the commit that holds the delivery. Rejects when nothing was stored. */
  receive(delivery: NewDelivery): Promise<Receipt>;
  sourceByToken(token: string): Promise<InboxSource | undefined>;
};

type Waiting = {
  delivery: NewDelivery;
  /** What no two deliveries that are stored at the same time may share. */
  keys: readonly string[];
  resolve(receipt: Receipt): void;
  reject(error: unknown): void;
};

/** Groups concurrent requests into one commit: at once when idle, together when busy. Every answer waits for its commit, and requests about one
 *  conversion are stored one after the other, in the order in which they came. */
export function createInbox(database: Database, clock: () => Date, onStored: (orgId: string) => void): Inbox {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  const inFlight = new Set<string>();
  let flushing = 0;
  let isFlushDue = false;

  /** After what this turn of the event loop brings: requests that came together are stored together. */
  function flushSoon(): void {
    if (isFlushDue) return;
    isFlushDue = true;
    setImmediate(() => {
      isFlushDue = false;
      void flush();
    });
  }

  async function flush(): Promise<void> {
    if (flushing >= FLUSHES_AT_ONCE || waiting.length === 0) return;
    const [batch, rest] = takeBatch(waiting, inFlight);
    if (batch.length === 0) return;
    waiting = rest;
    flushing += 1;
    for (const { delivery, keys } of batch) {
      waitingBytes -= delivery.body.byteLength;
      for (const key of keys) inFlight.add(key);
    }
    try {
      await store(batch);
    } finally {
      flushing -= 1;
      for (const { keys } of batch) for (const key of keys) inFlight.delete(key);
      void flush();
    }
  }

  async function store(batch: readonly Waiting[]): Promise<void> {
    try {
      const receipts = await database.asInboxOnce((tx) =>
        receiveDeliveries(
          tx,
          batch.map((w) => w.delivery),
          clock(),
        ),
      );
      settle(batch, receipts);
    } catch (error) {
      if (batch.length === 1 || isOutage(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One bad row must not take its neighbours along: each gets a statement of its own.
      for (const one of batch) await store([one]);
    }
  }

  function settle(batch: readonly Waiting[], receipts: readonly Receipt[]): void {
    const byId = new Map(receipts.map((receipt) => [receipt.id, receipt]));
    for (const { delivery, resolve, reject } of batch) {
      const receipt = byId.get(delivery.id);
      if (!receipt) reject(new Error(`delivery ${delivery.id} was not stored`));
      else resolve(receipt);
      if (receipt?.result === "accepted") onStored(delivery.orgId);
    }
  }

  return {
    receive: (delivery) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= WAITING_MAX || waitingBytes >= WAITING_BYTES_MAX) {
          return reject(new Refusal("unavailable", `${waiting.length} deliveries wait for the database already`));
        }
        waitingBytes += delivery.body.byteLength;
        waiting.push({ delivery, keys: keysOf(delivery), resolve, reject });
        flushSoon();
      }),
    sourceByToken: createSourceLookUp(database),
  };
}

function createSourceLookUp(database: Database): Inbox["sourceByToken"] {
  const sources = new Map<string, { source: Promise<InboxSource | undefined>; readAt: number }>();
  return (token) => {
    const known = sources.get(token);
    if (known && performance.now() - known.readAt < SOURCE_TRUSTED_MS) return known.source;
    // The look-up itself is kept: the requests that come meanwhile wait for it instead of asking as well.
    const entry = { source: database.asInbox((tx) => findSourceByToken(tx, token)), readAt: performance.now() };
    sources.set(token, entry);
    // Nothing is kept of a token that nobody has (guesses would fill the memory), nor of a failure.
    const forget = () => void (sources.get(token) === entry && sources.delete(token));
    entry.source.then((source) => source ?? forget(), forget);
    return entry.source;
  };
}

function keysOf({ sourceId, dedupeKey, signatureDigest }: NewDelivery): string[] {
  const keys = [dedupeKey, signatureDigest].filter((key) => key !== null);
  return keys.map((key) => `${sourceId} ${key}`);
}

/** The next rows to store together: no two about the same conversion, and none about one that is being stored right now, since the later must be
 *  compared with the earlier. */
function takeBatch(waiting: readonly Waiting[], inFlight: ReadonlySet<string>): [batch: Waiting[], rest: Waiting[]] {
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  const passed = new Set<string>();
  for (const one of waiting) {
    const isFree = one.keys.every((key) => !passed.has(key) && !inFlight.has(key));
    if (batch.length < ROWS_PER_FLUSH && isFree) batch.push(one);
    else rest.push(one);
    for (const key of one.keys) passed.add(key);
  }
  return [batch, rest];
}

/** Whether the database, not a row, is what failed: no row of the batch would fare better alone. */
function isOutage(error: unknown): boolean {
  return refusalIn(error)?.code === "unavailable" || sqlStateIn(error) === "57014";
}
