import { z } from "zod";
import type { EffectKind } from "@/server/commissions";
import { stageNames } from "./rules/place";
import { holders, sideStates } from "./rules/stage";

// The shapes of what the procedures of this room answer, strict, so that nothing is sent that is not named.

const money = z.strictObject({ minor: z.bigint(), currency: z.string() });
const networkStatus = z.enum(["pending", "approved", "declined", "reversed"]);

const stage = z.strictObject({
  stages: z.array(
    z.strictObject({
      name: z.enum(stageNames),
      state: z.enum(["done", "current", "todo"]),
      at: z.date().nullable(),
    }),
  ),
  current: z.enum([...stageNames, ...sideStates]),
  holder: z.enum(holders),
  since: z.date(),
  next: z.strictObject({ what: z.string(), expected: z.date().nullable() }).nullable(),
  sentence: z.string(),
  timeZone: z.string(),
});

const commissionInList = z.strictObject({
  amount: money,
  state: z.enum(["held", "payable", "in_batch", "paid", "clawed_back", "void"]),
});

export const ownEarning = z.strictObject({
  id: z.string(),
  externalId: z.string(),
  sourceName: z.string(),
  networkStatus,
  commission: commissionInList.nullable(),
  /** Why that much is owed, or nothing. */
  explanation: z.string(),
  stage,
  eventAt: z.date(),
  updatedAt: z.date(),
  cursor: z.string(),
});
/** A conversion as its affiliate may see it: nothing of what the source pays the operator. */
export type OwnEarning = z.infer<typeof ownEarning>;

export const stagedConversion = z.strictObject({
  ...ownEarning.shape,
  affiliateId: z.string().nullable(),
  affiliateName: z.string().nullable(),
  trust: z.enum(["claimed", "confirmed", "funded"]),
  sale: money.nullable(),
  reward: money.nullable(),
});
/** One conversion in a list of the operator's: what was reported, what is owed on it and how that came about, and where it stands. */
export type StagedConversion = z.infer<typeof stagedConversion>;

/** A page of rows and where the next one begins; undefined after the last. */
export function pageOutput<Row extends z.ZodType>(row: Row) {
  return z.strictObject({ rows: z.array(row), nextCursor: z.string().optional() });
}

const figures = { currency: z.string(), held: money, inTransit: money, paid: money };
export const currencyBalances = z.strictObject({ ...figures, payable: money });

export const portalBalance = z.strictObject({
  ...figures,
  /** Payable: goes into the next batch. Negative when more was taken back than was earned since. */
  available: money,
  /** What is held and approved becomes payable on these days of the affiliate's, soonest first; what waits for approval is not in it. */
  releases: z.array(z.strictObject({ on: z.iso.date(), amount: money })),
});
/** What one affiliate has in one currency, by where it stands. */
export type PortalBalance = z.infer<typeof portalBalance>;

/** The list of kinds is the commissions' own. */
const effectKind = z.custom<EffectKind>((kind) => typeof kind === "string");

const balanceLine = z.strictObject({
  /** The ledger entry, or the payout. */
  id: z.string(),
  /** Positive when it adds to what the affiliate has. */
  amount: money,
  affiliateName: z.string(),
  /** What moved it, and the thing whose drawer has the calculation. */
  cause: z.discriminatedUnion("of", [
    z.strictObject({
      of: z.literal("commission"),
      purpose: effectKind,
      conversionId: z.string(),
      externalId: z.string(),
      sourceName: z.string(),
    }),
    z.strictObject({
      of: z.literal("payout"),
      /** Of the posting, or the payout's state. */
      purpose: z.string(),
      payoutId: z.string(),
      batchId: z.string(),
    }),
  ]),
  eventAt: z.date(),
});
/** One amount that a balance is made of. */
export type BalanceLine = z.infer<typeof balanceLine>;

export const balanceLines = z.strictObject({ total: money, count: z.int(), lines: z.array(balanceLine) });
/** A balance with what it is made of: `total` is the sum of all `count` lines, of which a page is shown, the newest first. */
export type BalanceLines = z.infer<typeof balanceLines>;

export const waiting = z.strictObject({
  quarantined: z.int(),
  parked: z.int(),
  unpriced: z.int(),
  drafts: z.int(),
  unknown: z.int(),
  failed: z.int(),
  alarms: z.int(),
});
/** How many things wait for a person, by kind. */
export type Waiting = z.infer<typeof waiting>;

export const proof = z.strictObject({
  /** Requests stored and understood. */
  accepted: z.int(),
  /** Repeats that were stored and moved nothing. */
  duplicates: z.int(),
  /** Accepted, said to be processed, and yet without a conversion: must be 0. */
  lost: z.int(),
  /** Commission movements that two paid payouts contain: must be 0. */
  paidTwice: z.int(),
  /** When all of it was counted, over everything there was. */
  countedAt: z.date(),
});
/** What is promised of every request and every cent, counted and not claimed. */
export type Proof = z.infer<typeof proof>;

export const activityEvent = z.strictObject({
  /** Its place in the stream. */
  id: z.string(),
  kind: z.string(),
  subjectId: z.string(),
  batchId: z.string().nullable(),
  sentence: z.string(),
  tone: z.enum(["held", "payable", "transit", "paid", "reversed", "unknown", "neutral"]),
  amount: money.nullable(),
  eventAt: z.date(),
});
/** One deed, told for a screen. */
export type ActivityEvent = z.infer<typeof activityEvent>;

export const streamMessage = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("deed"), event: activityEvent }),
  z.strictObject({ type: z.literal("position"), id: z.string() }),
]);
/** What the stream sends: deeds, and now and then where it begins anew, after which the screen must read everything again. */
export type StreamMessage = z.infer<typeof streamMessage>;
