import type { Database } from "@/server/db";
import type { Proof } from "./output";
import { countDeliveries, countPaidTwice, newestDelivery } from "./queries";

/** How long a count is shown: screens ask for it all day. */
const KEPT_MS = 60_000;

/** Deliveries are counted in parts of the log, so that no statement grows with the log: where this part begins and how wide it is. */
const PART = 20_000;
/** The end of the log is counted each time, and this many of the parts that were counted longest ago: older deliveries seldom change (one may
 *  be replayed), and yet each of them is looked at again and again. */
const OLD_PARTS = 6;
const NEW_PARTS = 2;

type Part = Pick<Proof, "accepted" | "duplicates" | "lost"> & { countedAt: Date };
type Kept = { askedAtMs: number; proof: Promise<Proof>; parts: Map<number, Part> };

/** Per process: another one counts for itself, and both say when they did. */
const kept = new WeakMap<Database, Map<string, Kept>>();

/** The proof of an organization over everything there is, counted anew once a minute at most by `now`. `countedAt` is the oldest count in it: while
 *  the log is short that of all, later that of the part that was counted longest ago. Whoever asks while it is being counted waits for
 *  the same count; one that failed is not kept. */
export function currentProof(database: Database, orgId: string, now: Date, partWidth = PART): Promise<Proof> {
  const ofDatabase = kept.get(database) ?? new Map<string, Kept>();
  kept.set(database, ofDatabase);
  const last = ofDatabase.get(orgId);
  if (last && now.getTime() - last.askedAtMs < KEPT_MS) return last.proof;
  const parts = last?.parts ?? new Map<number, Part>();
  const proof = count(database, orgId, { parts, partWidth }, now);
  const next = { askedAtMs: now.getTime(), proof, parts };
  ofDatabase.set(orgId, next);
  proof.catch(() => {
    if (ofDatabase.get(orgId) === next) ofDatabase.delete(orgId);
  });
  return proof;
}

async function count(
  database: Database,
  orgId: string,
  { parts, partWidth }: { parts: Map<number, Part>; partWidth: number },
  now: Date,
): Promise<Proof> {
  const newest = await database.inOrganization(orgId, newestDelivery);
  for (const place of dueParts(parts, Math.floor(newest / partWidth))) {
    const part = { from: place * partWidth, before: (place + 1) * partWidth };
    const counted = await database.inOrganization(orgId, (tx) => countDeliveries(tx, part));
    parts.set(place, { ...counted, countedAt: now });
  }
  const paidTwice = await database.inOrganization(orgId, countPaidTwice);
  const all = [...parts.values()];
  return {
    accepted: all.reduce((sum, part) => sum + part.accepted, 0),
    duplicates: all.reduce((sum, part) => sum + part.duplicates, 0),
    lost: all.reduce((sum, part) => sum + part.lost, 0),
    paidTwice,
    countedAt: new Date(Math.min(...all.map((part) => part.countedAt.getTime()))),
  };
}

/** Which parts of the log to count now: those that never were, the newest, and the ones whose count is oldest. */
function dueParts(parts: ReadonlyMap<number, Part>, newest: number): number[] {
  const all = Array.from({ length: newest + 1 }, (_, place) => place);
  const countedMs = (place: number) => parts.get(place)?.countedAt.getTime() ?? 0;
  const oldest = [...all].sort((a, b) => countedMs(a) - countedMs(b)).slice(0, OLD_PARTS);
  const due = new Set([...oldest, ...all.slice(-NEW_PARTS), ...all.filter((place) => !parts.has(place))]);
  return [...due];
}
