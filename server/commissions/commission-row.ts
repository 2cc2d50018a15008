import { sql } from "drizzle-orm";
import { optionalMoney } from "@/server/money";
import type { Trace } from "./rules/price";
import type { CommissionState, Holding, Trust } from "./rules/types";

/** A commission as the verbs of this room work on it. */
export type Commission = {
  id: string;
  conversionId: string;
  sourceId: string;
  programId: string;
  affiliateId: string;
  /** The source's own id of the conversion, for telling. */
  order: string;
  ruleVersionId: string;
  holding: Holding;
  holdUntil: Date;
  trace: Trace;
  version: number;
  eventAt: Date;
  /** The movement that first accrued it: corrections name its transaction. null when it was of nothing and posted none. */
  accrualId: string | null;
};

export type CommissionRow = {
  id: string;
  conversion_id: string;
  source_id: string;
  program_id: string;
  affiliate_id: string;
  external_id: string;
  rule_version_id: string;
  state: CommissionState;
  amount_minor: string;
  currency: string;
  reward_minor: string | null;
  reward_currency: string | null;
  trust: Trust;
  approved: boolean;
  released: boolean;
  hold_until: string;
  trace: Trace;
  version: number;
  event_at: string;
  accrual_id: string | null;
};

/** `accrual_id` of the commission `c`. */
export const SELECT_ACCRUAL = sql`(select e.id from commission_effects e where e.commission_id = c.id and e.version = 1
  and exists (select from ledger_transactions t where t.cause_id = e.id and t.purpose = 'accrue'))`;

/** Turns a raw row into a commission. */
export function toCommission(row: CommissionRow): Commission {
  return {
    id: row.id,
    conversionId: row.conversion_id,
    sourceId: row.source_id,
    programId: row.program_id,
    affiliateId: row.affiliate_id,
    order: row.external_id,
    ruleVersionId: row.rule_version_id,
    holding: {
      state: row.state,
      amount: { minor: BigInt(row.amount_minor), currency: row.currency },
      reward: optionalMoney(row.reward_minor, row.reward_currency),
      trust: row.trust,
      approved: row.approved,
      released: row.released,
    },
    holdUntil: new Date(row.hold_until),
    trace: row.trace,
    version: row.version,
    eventAt: new Date(row.event_at),
    accrualId: row.accrual_id,
  };
}
