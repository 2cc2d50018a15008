import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { jsonRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";
import { postTransactions } from "@/server/ledger";
import { toDecimal } from "@/server/money";
import type { Commission } from "./commission-row";
import type { Effect } from "./rules/next-holding";
import { movement, positionOf } from "./rules/position";

/** One movement of one commission, ready to be written: `commission` is the state before it (version 0: new). */
export type PlannedEffect = {
  commission: Commission;
  effect: Effect;
  /** The conversion change behind it; null when time is the cause. */
  changeId: string | null;
  eventAt: Date;
};

/** Writes movements of commissions that the caller has locked: state, history, ledger and activity in a fixed number of
 *  statements. At most one movement per commission and call. */
export async function writeEffects(tx: Tx, planned: readonly PlannedEffect[], now: Date): Promise<void> {
  if (planned.length === 0) return;
  const movements = planned.map((plan) => ({ ...plan, effectId: newId("eff", now) }));
  await saveMovements(tx, movements, now);
  await postTransactions(
    tx,
    movements.map(toTransaction).filter((t) => t.lines.length > 0),
    now,
  );
  await recordActivity(tx, movements.map(toActivity), now);
}

type Movement = PlannedEffect & { effectId: string };

/** State and history in one statement: they share most of their columns. */
async function saveMovements(tx: Tx, movements: readonly Movement[], now: Date): Promise<void> {
  const rows = movements.map(({ commission: c, effect, effectId, changeId, eventAt }) => ({
    id: c.id,
    conversion_id: c.conversionId,
    source_id: c.sourceId,
    program_id: c.programId,
    affiliate_id: c.affiliateId,
    rule_version_id: c.ruleVersionId,
    state: effect.next.state,
    amount_minor: effect.next.amount.minor,
    currency: effect.next.amount.currency,
    reward_minor: effect.next.reward?.minor ?? null,
    reward_currency: effect.next.reward?.currency ?? null,
    trust: effect.next.trust,
    approved: effect.next.approved,
    released: effect.next.released,
    hold_until: c.holdUntil,
    trace: c.trace,
    version: c.version + 1,
    event_at: c.eventAt,
    effect_id: effectId,
    kind: effect.kind,
    change_id: changeId,
    held_delta_minor: effect.heldDelta.minor,
    payable_delta_minor: effect.payableDelta.minor,
    moved_at: eventAt,
  }));
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`with input as materialized (
          select * from ${jsonRows(rows)} as r(id text, conversion_id text, source_id text, program_id text, affiliate_id text,
            rule_version_id text, state text, amount_minor bigint, currency text, reward_minor bigint, reward_currency text, trust text,
            approved boolean, released boolean, hold_until timestamptz, trace jsonb, version int, event_at timestamptz, effect_id text,
            kind text, change_id text, held_delta_minor bigint, payable_delta_minor bigint, moved_at timestamptz)
        ), saved as (
          insert into commissions (id, conversion_id, source_id, program_id, affiliate_id, rule_version_id, state, amount_minor, currency,
            reward_minor, reward_currency, trust, approved, released, hold_until, trace, version, event_at, updated_at, created_at)
          select id, conversion_id, source_id, program_id, affiliate_id, rule_version_id, state, amount_minor, currency,
            reward_minor, reward_currency, trust, approved, released, hold_until, trace, version, event_at, ${at}, ${at} from input
          on conflict (conversion_id) do update set state = excluded.state, amount_minor = excluded.amount_minor,
            reward_minor = excluded.reward_minor, reward_currency = excluded.reward_currency, trust = excluded.trust,
            approved = excluded.approved, released = excluded.released, rule_version_id = excluded.rule_version_id,
            hold_until = excluded.hold_until, trace = excluded.trace, version = excluded.version, event_at = excluded.event_at,
            updated_at = excluded.updated_at
        )
        insert into commission_effects (id, commission_id, version, affiliate_id, program_id, kind, change_id, currency, amount_minor,
          held_delta_minor, payable_delta_minor, trace, rule_version_id, event_at, created_at)
        select effect_id, id, version, affiliate_id, program_id, kind, change_id, currency, amount_minor,
          held_delta_minor, payable_delta_minor, trace, rule_version_id, moved_at, ${at} from input`,
  );
}

function toTransaction({ commission, effect, effectId, eventAt }: Movement) {
  const before = commission.version === 0 ? null : positionOf(commission.holding, commission);
  const lines = movement(before, positionOf(effect.next, commission));
  const corrects =
    ["adjust", "unapprove", "decline", "reverse", "reinstate"].includes(effect.kind) && commission.accrualId;
  return {
    causeId: effectId,
    purpose: effect.kind,
    eventAt,
    lines: lines.map(({ kind, ownerId, amount }) => ({ account: { kind, ownerId }, amount })),
    ...(corrects ? { corrects: { causeId: corrects, purpose: "accrue" } } : {}),
  };
}

function toActivity({ commission, effect, changeId, eventAt }: Movement) {
  return {
    kind: `commission.${effect.kind}`,
    subjectId: commission.conversionId,
    affiliateId: commission.affiliateId,
    eventAt,
    details: {
      commission: commission.id,
      change: changeId,
      order: commission.order,
      amount: toDecimal(effect.next.amount),
      currency: effect.next.amount.currency,
      state: effect.next.state,
    },
  };
}
