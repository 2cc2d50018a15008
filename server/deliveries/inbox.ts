import type { Database } from "@/server/db";
import { findSourceByToken, type InboxSource } from "./find-source";
import { type NewDelivery, type Receipt, receiveDeliveries } from "./receive-deliveries";

/** Rows in one statement, and statements at once: measured to keep one connection fast, many connections grouped, and the process busy
 *  while commits are awaited. */
const ROWS_PER_FLUSH = 500;
const FLUSHES_AT_ONCE = 4;
/** How long a source read from the database is trusted: an ended source stops within this time. */
const SOURCE_TRUSTED_MS = 2_000;

export type Inbox = {
  /** Resolves after the commit that holds the delivery. Rejects when nothing was stored. */
  receive(delivery: NewDelivery): Promise<Receipt>;
  sourceByToken(token: string): Promise<InboxSource | undefined>;
};

type Waiting = { delivery: NewDelivery; resolve(receipt: Receipt): void; reject(error: unknown): void };

/** Groups concurrent requests into one commit: at once when idle, together when busy. Every answer waits for its commit. */
export function createInbox(database: Database, clock: () => Date, onStored: (orgId: string) => void): Inbox {
  const sources = new Map<string, { source: Promise<InboxSource | undefined>; readAt: number }>();
  let waiting: Waiting[] = [];
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
    const [batch, rest] = takeBatch(waiting);
    waiting = rest;
    flushing += 1;
    try {
      await store(batch);
    } finally {
      flushing -= 1;
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
      if (batch.length === 1) return batch[0]?.reject(error);
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
        waiting.push({ delivery, resolve, reject });
        flushSoon();
      }),
    sourceByToken(token) {
      const known = sources.get(token);
      if (known && performance.now() - known.readAt < SOURCE_TRUSTED_MS) return known.source;
      // The look-up itself is kept: the requests that come meanwhile wait for it instead of asking as well.
      const entry = { source: database.asInbox((tx) => findSourceByToken(tx, token)), readAt: performance.now() };
      sources.set(token, entry);
      // Nothing is kept of a token that nobody has (guesses would fill the memory), nor of a failure.
      const forget = () => void (sources.get(token) === entry && sources.delete(token));
      entry.source.then((source) => source ?? forget(), forget);
      return entry.source;
    },
  };
}

/** The next rows to store together: no two about the same conversion, since the later must be compared with the earlier. */
function takeBatch(waiting: readonly Waiting[]): [batch: Waiting[], rest: Waiting[]] {
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  const keys = new Set<string>();
  for (const one of waiting) {
    const { sourceId, dedupeKey } = one.delivery;
    const key = dedupeKey === null ? one.delivery.id : `${sourceId} ${dedupeKey}`;
    if (batch.length < ROWS_PER_FLUSH && !keys.has(key)) batch.push(one);
    else rest.push(one);
    keys.add(key);
  }
  return [batch, rest];
}
