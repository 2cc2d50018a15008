import { openJournal } from "./journal";
import type { BatchStatus, ItemError, ItemStatus, Step } from "./lives";

/** One line of the books file. Nothing is ever changed in it. */
type Entry =
  | ({ kind: "accepted"; at: string } & Acceptance)
  /** A submission that was read and not accepted. */
  | { kind: "refused"; at: string; senderBatchId: string | null; body: string; answer: string }
  | { kind: "moved"; payoutBatchId: string; batch: [BatchStatus, string] | null; items: ItemMove[] }
  | { kind: "fault"; at: string; fault: string; on: string };

/** A batch as it was accepted, with everything that will become of it. */
export type Acceptance = {
  readonly payoutBatchId: string;
  readonly senderBatchId: string | null;
  readonly requestId: string | null;
  /** Hash of the body, independent of the order of keys. */
  readonly body: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly currency: string;
  readonly life: readonly Step<BatchStatus>[];
  readonly items: readonly AcceptedItem[];
};

export type AcceptedItem = {
  readonly payoutItemId: string;
  readonly transactionId: string;
  readonly senderItemId: string | null;
  /** Minor units of the batch's currency, as a decimal string. */
  readonly minor: string;
  readonly sent: Readonly<Record<string, unknown>>;
  readonly life: readonly Step<ItemStatus>[];
};

/** Item id, new status, when, error, and how many steps of its life are behind it. */
type ItemMove = [string, ItemStatus, string, ItemError | null, number];

export type Item = {
  readonly accepted: AcceptedItem;
  readonly batch: Batch;
  status: ItemStatus;
  error: ItemError | null;
  processedAt: string | null;
  stepsDone: number;
  readonly history: ItemStatus[];
};

export type Batch = {
  readonly accepted: Acceptance;
  readonly acceptedAt: string;
  status: BatchStatus;
  completedAt: string | null;
  stepsDone: number;
  readonly items: Item[];
};

/** The rail's own books: what it was asked, what it accepted, what it paid. Rebuilt from the file at start. */
export type Books = {
  readonly batches: ReadonlyMap<string, Batch>;
  readonly items: ReadonlyMap<string, Item>;
  /** Submissions read under each sender_batch_id: body hash → how many. */
  readonly bodies: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly answers: ReadonlyMap<string, number>;
  readonly faults: ReadonlyMap<string, number>;
  /** Writes first, then changes the state; whoever answers afterwards answers from the books. */
  write(entry: Entry): void;
  /** The newest batch under a sender's key or request id, if accepted within the last 30 days. */
  findByKey(senderBatchId: string, now: Date): Batch | null;
  findByRequest(requestId: string, now: Date): Batch | null;
  /** Lets every change come that is due. `force` brings the first outcomes (or all later ones too) at once. */
  advance(now: Date, force?: "settle" | "late"): void;
  close(): void;
};

const windowMs = 30 * 24 * 3600 * 1000;

/** Opens the books kept at `path`, or empty ones in memory.  Errors: an unreadable file. */
export function openBooks(path?: string): Books {
  const journal = openJournal<Entry>(path);
  const state = emptyState();
  for (const entry of journal.earlier) apply(state, entry);

  function write(entry: Entry): void {
    journal.append(entry);
    apply(state, entry);
  }
  function within(batch: Batch | undefined, now: Date): Batch | null {
    return batch && now.getTime() - Date.parse(batch.acceptedAt) < windowMs ? batch : null;
  }
  return {
    ...state,
    write,
    findByKey: (senderBatchId, now) => within(state.byKey.get(senderBatchId), now),
    findByRequest: (requestId, now) => within(state.byRequest.get(requestId), now),
    advance(now, force) {
      for (const [batch, dueMs] of state.restless) {
        if (!force && dueMs > now.getTime()) continue;
        // Ends: every turn uses up a step of a life, and lives have at most three.
        for (let entry = movesOf(batch, now, force); entry; entry = movesOf(batch, now, force)) write(entry);
        const nextMs = nextDueMs(batch);
        if (nextMs === null) state.restless.delete(batch);
        else state.restless.set(batch, nextMs);
      }
    },
    close: () => journal.close(),
  };
}

type State = ReturnType<typeof emptyState>;

function emptyState() {
  return {
    batches: new Map<string, Batch>(),
    items: new Map<string, Item>(),
    bodies: new Map<string, Map<string, number>>(),
    answers: new Map<string, number>(),
    faults: new Map<string, number>(),
    byKey: new Map<string, Batch>(),
    byRequest: new Map<string, Batch>(),
    /** Batches with changes to come, and when the next one is due. */
    restless: new Map<Batch, number>(),
  };
}

function apply(state: State, entry: Entry): void {
  switch (entry.kind) {
    case "accepted":
      noteBody(state.bodies, entry.senderBatchId, entry.body);
      count(state.answers, "accepted");
      addBatch(state, entry, entry.at);
      break;
    case "refused":
      noteBody(state.bodies, entry.senderBatchId, entry.body);
      count(state.answers, entry.answer);
      break;
    case "fault":
      count(state.faults, `${entry.fault}@${entry.on}`);
      break;
    case "moved":
      applyMoves(state, entry);
  }
}

function addBatch(state: State, accepted: Acceptance, acceptedAt: string): void {
  const batch: Batch = { accepted, acceptedAt, status: "PENDING", completedAt: null, stepsDone: 0, items: [] };
  for (const one of accepted.items) {
    const item: Item = {
      accepted: one,
      batch,
      status: "PENDING",
      error: null,
      processedAt: null,
      stepsDone: 0,
      history: ["PENDING"],
    };
    batch.items.push(item);
    state.items.set(one.payoutItemId, item);
  }
  state.batches.set(accepted.payoutBatchId, batch);
  if (accepted.senderBatchId) state.byKey.set(accepted.senderBatchId, batch);
  if (accepted.requestId) state.byRequest.set(accepted.requestId, batch);
  state.restless.set(batch, 0);
}

function applyMoves(state: State, entry: Extract<Entry, { kind: "moved" }>): void {
  const batch = state.batches.get(entry.payoutBatchId);
  if (!batch) throw new Error(`books: a change of ${entry.payoutBatchId}, which was never accepted`);
  if (entry.batch) {
    const [status, at] = entry.batch;
    batch.stepsDone += 1;
    batch.status = status;
    if (status !== "PROCESSING") batch.completedAt = at;
  }
  for (const [id, status, at, error, stepsDone] of entry.items) {
    const item = state.items.get(id);
    if (!item) throw new Error(`books: a change of item ${id}, which was never accepted`);
    Object.assign(item, { status, error, processedAt: at, stepsDone });
    item.history.push(status);
  }
}

/** The next change of the batch and of each item, where due. */
function movesOf(batch: Batch, now: Date, force?: "settle" | "late"): Extract<Entry, { kind: "moved" }> | null {
  const acceptedMs = Date.parse(batch.acceptedAt);
  const settledMs = batch.accepted.life.at(-1)?.afterMs ?? 0;
  const isDue = (step: Step<unknown> | undefined) =>
    step !== undefined &&
    (acceptedMs + step.afterMs <= now.getTime() ||
      force === "late" ||
      (force === "settle" && step.afterMs <= settledMs));
  /** A change that was forced early happens now; one that was due happened when it was due. */
  const when = (step: Step<unknown>) =>
    new Date(Math.min(acceptedMs + step.afterMs, Math.max(now.getTime(), acceptedMs))).toISOString();
  const step = batch.accepted.life[batch.stepsDone];
  const items = batch.items.flatMap((item): ItemMove[] => {
    const next = item.accepted.life[item.stepsDone];
    if (!next || !isDue(next)) return [];
    return [[item.accepted.payoutItemId, next.status, when(next), next.error ?? null, item.stepsDone + 1]];
  });
  const moved = step && isDue(step) ? ([step.status, when(step)] as [BatchStatus, string]) : null;
  if (!moved && items.length === 0) return null;
  return { kind: "moved", payoutBatchId: batch.accepted.payoutBatchId, batch: moved, items };
}

function nextDueMs(batch: Batch): number | null {
  const next = [batch, ...batch.items].flatMap((of) => of.accepted.life[of.stepsDone]?.afterMs ?? []);
  if (next.length === 0) return null;
  return Date.parse(batch.acceptedAt) + next.reduce((least, ms) => Math.min(least, ms));
}

function noteBody(bodies: Map<string, Map<string, number>>, senderBatchId: string | null, body: string): void {
  if (senderBatchId === null) return;
  const seen = bodies.get(senderBatchId) ?? new Map<string, number>();
  count(seen, body);
  bodies.set(senderBatchId, seen);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
