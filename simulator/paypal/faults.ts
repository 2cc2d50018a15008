import { z } from "zod";
import { draw } from "@/simulator/draw";
import type { Outcome } from "./lives";

/** What a request asks for; a fault is bound to one of them. */
type Operation = "token" | "submit" | "lookup" | "item" | "cancel";

/** Faults of a request before anything is booked, after it was booked, and of one accepted item. */
const before = ["timeout-before", "500-before", "429", "insufficient-funds"] as const;
const after = ["timeout-after", "500-after", "malformed", "denied"] as const;
const reading = ["malformed", "unknown-status", "missing-page", "partial-page"] as const;
const items = ["failed", "blocked", "unclaimed", "claimed", "returned", "onhold", "delayed-failure"] as const;

const faultShape = z.strictObject({
  kind: z.enum([
    ...new Set<(typeof before | typeof after | typeof reading | typeof items)[number]>([
      ...before,
      ...after,
      ...reading,
      ...items,
    ]),
  ]),
  /** Which requests it meets; `submit` where nothing is said, `lookup` for the faults of reading. */
  on: z.enum(["token", "submit", "lookup", "item", "cancel"]).optional(),
  /** How often, in a queue. */
  times: z.int().min(1).max(1_000_000).optional(),
  /** With `429`. */
  retryAfterSec: z.int().min(0).max(86_400).optional(),
  /** With `timeout-…`: keep the connection open without a word, or cut it. */
  hang: z.enum(["hold", "destroy"]).optional(),
  /** With `delayed-failure`: the state that follows SUCCESS. */
  becomes: z.enum(["REVERSED", "REFUNDED", "RETURNED", "FAILED"]).optional(),
});

/** A scripted queue, met in order by each operation, and shares (0 to 1) that meet requests and items by seeded chance. A part left
 *  out stays as it is. */
export const faultPlanShape = z.strictObject({
  queue: z.array(faultShape).optional(),
  shares: z.array(z.strictObject({ ...faultShape.shape, share: z.number().min(0).max(1) })).optional(),
  seed: z.int().optional(),
});

export type Fault = z.infer<typeof faultShape>;
export type FaultPlan = z.infer<typeof faultPlanShape>;
type FaultKind = Fault["kind"];

/** Decides which request or item meets which fault. Taking one uses it up; who takes it reports the hit. */
export type Faults = {
  set(plan: FaultPlan): void;
  plan(): Required<FaultPlan>;
  /** The fault a request meets before it is handled. `key` names the request for the seeded draw. */
  takeBefore(on: Operation, key: string): Fault | null;
  /** The fault that an accepted submission meets: it is in the books, the caller may not learn so. */
  takeAfter(key: string): Fault | null;
  /** The fault of an answer that only reads. `isPaged` says that this is page two or later. */
  takeReading(on: Operation, key: string, isPaged: boolean): Fault | null;
  /** The outcome forced on one item; null leaves it to its receiver. */
  takeItem(key: string): { fault: Fault; outcome: Outcome } | null;
};

/** Faults from a plan; without one, none. */
export function scriptedFaults(initial: FaultPlan = {}): Faults {
  let queue: Fault[] = [];
  let shares: (Fault & { share: number })[] = [];
  let seed = 1;
  const attempts = new Map<string, number>();

  function take(kinds: readonly FaultKind[], on: Operation, key: string): Fault | null {
    const isForItem = isItemFault(kinds[0]);
    const isNext = (fault: Fault) => operationOf(fault) === on && isItemFault(fault.kind) === isForItem;
    const index = queue.findIndex(isNext);
    const queued = queue[index];
    // One that comes next but strikes later in a request (or a later page) holds back those behind it.
    if (queued && kinds.includes(queued.kind)) {
      const left = (queued.times ?? 1) - 1;
      queue = queue.toSpliced(index, 1, ...(left > 0 ? [{ ...queued, times: left }] : []));
      return queued;
    }
    const candidates = shares.filter((fault) => isNext(fault) && kinds.includes(fault.kind));
    if (candidates.length === 0) return null;
    const name = `${on} ${key} ${kinds[0]}`;
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, attempt);
    return candidates.find((fault) => draw(seed, fault.kind, name, attempt) < fault.share) ?? null;
  }

  const faults: Faults = {
    set(plan) {
      queue = plan.queue ?? queue;
      shares = plan.shares ?? shares;
      seed = plan.seed ?? seed;
    },
    plan: () => ({ queue, shares, seed }),
    takeBefore: (on, key) => take(before, on, key),
    takeAfter: (key) => take(after, "submit", key),
    takeReading: (on, key, isPaged) =>
      take(isPaged ? reading : reading.filter((kind) => kind !== "missing-page"), on, key),
    takeItem(key) {
      const fault = take(items, "submit", key);
      return fault && { fault, outcome: outcomeOf(fault) };
    },
  };
  faults.set(initial);
  return faults;
}

function isItemFault(kind: FaultKind | undefined): boolean {
  return items.some((name) => name === kind);
}

function operationOf(fault: Fault): Operation {
  if (fault.on) return fault.on;
  return ["unknown-status", "missing-page", "partial-page"].includes(fault.kind) ? "lookup" : "submit";
}

function outcomeOf(fault: Fault): Outcome {
  switch (fault.kind) {
    case "failed":
    case "blocked":
    case "unclaimed":
    case "claimed":
    case "returned":
    case "onhold":
      return fault.kind;
    default:
      return lateOutcomes[fault.becomes ?? "REVERSED"];
  }
}

const lateOutcomes = {
  REVERSED: "reversed",
  REFUNDED: "refunded",
  RETURNED: "late-returned",
  FAILED: "late-failed",
} as const;
