import { z } from "zod";
import type { Trace } from "@/server/commissions";
import type { EntryRow } from "@/server/ledger";
import { STATES } from "./rules/states";

// The shapes of what the procedures of this room answer; the queries take their types from here. Strict, so that nothing is sent that is not named.

const money = z.strictObject({ minor: z.bigint(), currency: z.string() });

const payoutState = z.enum(STATES);
/** Where a payout of a batch stands, or that it was tried again as another one. */
export const stateInBatch = z.enum([...STATES, "retried"]);

const validator = z.enum(["profile", "destination", "cool_off", "rail", "currency", "threshold", "balance", "hold"]);

export const batchSummary = z.strictObject({
  id: z.string(),
  programId: z.string(),
  programName: z.string(),
  state: z.enum(["draft", "approved", "finished", "discarded"]),
  cutOff: z.date(),
  plannedBy: z.string(),
  approvedBy: z.string().nullable(),
  approvedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  createdAt: z.date(),
  payouts: z.int(),
  total: money,
});
/** A batch in a list: its payouts without those that were canceled or retried as another one. */
export type BatchSummary = z.infer<typeof batchSummary>;

const stateTotal = z.strictObject({ state: stateInBatch, payouts: z.int(), total: money });
/** How the payouts of a batch stand. `retried`: failed or returned, and tried again as another payout. */
export type StateTotal = z.infer<typeof stateTotal>;

export const batchDetail = z.strictObject({
  ...batchSummary.shape,
  totals: z.array(stateTotal),
  /** Affiliates left out, each with a finding that says why. */
  leftOut: z.int(),
  /** Payouts whose first outcome is known, of all that were approved. */
  progress: z.strictObject({ done: z.int(), of: z.int() }),
});
export type BatchDetail = z.infer<typeof batchDetail>;

export const retryable = z.strictObject({
  /** Payouts of the batch that can be tried again, and what they would send now. */
  count: z.int(),
  total: money,
  /** The first of them: what one click retries. */
  next: z.strictObject({ payoutIds: z.array(z.string()), total: money }),
});
/** What of a batch is proven unpaid and waits to be tried again. */
export type Retryable = z.infer<typeof retryable>;

export const payoutSummary = z.strictObject({
  id: z.string(),
  batchId: z.string(),
  programName: z.string(),
  affiliateId: z.string(),
  affiliateName: z.string(),
  amount: money,
  rail: z.string(),
  receiver: z.string(),
  state: payoutState,
  reason: z.string().nullable(),
  providerStatus: z.string().nullable(),
  retryOf: z.string().nullable(),
  retriedAs: z.string().nullable(),
  settledAt: z.date().nullable(),
  updatedAt: z.date(),
  createdAt: z.date(),
});
/** A payout in a list of the operator's. */
export type PayoutSummary = z.infer<typeof payoutSummary>;

const lineRow = z.strictObject({
  effectId: z.string(),
  kind: z.string(),
  commissionId: z.string(),
  conversionId: z.string(),
  externalId: z.string(),
  sourceName: z.string(),
  amount: money,
  trace: z.custom<Trace>(),
  eventAt: z.date(),
});
/** One movement that a payout pays, back to its conversion. */
export type LineRow = z.infer<typeof lineRow>;

/** Lines that are not shown, and what they come to: shown lines and the rest are the payout's amount. */
const restOfLines = z.strictObject({ count: z.int(), total: money });

const payoutEvent = z.strictObject({
  id: z.string(),
  from: payoutState.nullable(),
  to: payoutState,
  applied: z.boolean(),
  providerStatus: z.string().nullable(),
  reason: z.string().nullable(),
  eventAt: z.date(),
});
export type PayoutEventRow = z.infer<typeof payoutEvent>;

const attempt = z.strictObject({
  id: z.string(),
  key: z.string(),
  state: z.string(),
  providerBatchId: z.string().nullable(),
  reason: z.string().nullable(),
  answer: z.string().nullable(),
  bodyHash: z.string(),
  itemCount: z.int(),
  sends: z.int(),
  firstSentAt: z.date().nullable(),
  nextCheckAt: z.date().nullable(),
});
/** The submission that carried a payout, with the provider's last answer as it came. */
export type AttemptRow = z.infer<typeof attempt>;

export const payoutDetail = z.strictObject({
  payout: payoutSummary,
  fee: money.nullable(),
  providerItemId: z.string().nullable(),
  /** The newest. */
  lines: z.array(lineRow),
  rest: restOfLines,
  events: z.array(payoutEvent),
  attempt: attempt.nullable(),
  /** The first payout and all its retries, oldest first; this one is among them. */
  chain: z.array(payoutSummary),
  entries: z.array(z.custom<EntryRow>()),
});
/** A payout with everything that explains it. */
export type PayoutDetail = z.infer<typeof payoutDetail>;

export const findingRow = z.strictObject({
  affiliateId: z.string(),
  affiliateName: z.string(),
  validator,
  blocks: z.boolean(),
  finding: z.string(),
  due: money,
  held: money,
});
/** What a validator said of an affiliate, with what was due and what is held. */
export type FindingRow = z.infer<typeof findingRow>;

export const ownPayout = z.strictObject({
  id: z.string(),
  programName: z.string(),
  amount: money,
  receiver: z.string(),
  state: payoutState.exclude(["planned", "canceled"]),
  /** Why it stands there and what can be done about it, in words of ours; null where the state says it all. */
  why: z.string().nullable(),
  settledAt: z.date().nullable(),
  updatedAt: z.date(),
  createdAt: z.date(),
});
/** A payout as its affiliate may see it: nothing of the rail's words or the operator's books. */
export type OwnPayout = z.infer<typeof ownPayout>;

export const ownPayoutDetail = z.strictObject({
  payout: ownPayout,
  lines: z.array(
    lineRow.pick({ effectId: true, conversionId: true, externalId: true, sourceName: true, amount: true }),
  ),
  rest: restOfLines,
  /** The states it went through after its approval, oldest first. */
  events: z.array(z.strictObject({ id: z.string(), to: ownPayout.shape.state, eventAt: z.date() })),
});
/** What a payout pays and how it went, for its affiliate. */
export type OwnPayoutDetail = z.infer<typeof ownPayoutDetail>;

export const lastBatch = z
  .strictObject({
    programName: z.string(),
    cutOff: z.date(),
    approvedAt: z.date(),
    payoutId: z.string().nullable(),
    findings: z.array(findingRow.pick({ validator: true, blocks: true, finding: true, held: true })),
  })
  .nullable();
/** The last batch that considered an affiliate, drafts and discarded ones left out: whether it is in it, and if not, why. null: none has yet. */
export type LastBatch = z.infer<typeof lastBatch>;

export const plannedOutput = z.strictObject({ batchId: z.string(), payouts: z.int(), leftOut: z.int(), total: money });
export const approvedOutput = z.strictObject({ payouts: z.int(), droppedOut: z.int(), total: money });
export const retriedOutput = z.strictObject({
  retried: z.array(z.strictObject({ payoutId: z.string(), retryId: z.string() })),
  /** What was left as it is, and why: the reason goes on from "the payout". */
  refused: z.array(z.strictObject({ payoutId: z.string(), affiliateName: z.string(), reason: z.string() })),
});
export const destinationOutput = z
  .strictObject({
    id: z.string(),
    rail: z.string(),
    receiver: z.string(),
    since: z.date(),
    coolsUntil: z.date().nullable(),
  })
  .nullable();
