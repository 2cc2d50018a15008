import { type SQL, sql } from "drizzle-orm";
import { type CommissionState, explain, type Trace } from "@/server/commissions";
import type { NetworkStatus, Trust } from "@/server/conversions";
import { queryRows, type Tx } from "@/server/db";
import { type Money, toDecimal } from "@/server/money";
import { ownFault, railWord } from "@/server/payouts";
import { chooseRule, type RuleVersion, ruleVersionsOf } from "@/server/programs";
import type { OwnEarning, StagedConversion } from "./output";
import { explainOwed } from "./rules/explain-owed";
import { type StageInput, stageOf } from "./rules/stage";

export type ConversionFilter = {
  status?: NetworkStatus;
  /** Only those nobody is credited with, or that no rule prices. */
  attention?: "parked" | "unpriced";
  affiliateId?: string;
  conversionId?: string;
  /** The beginning of an order number. */
  order?: string;
  /** Who reads it. An affiliate is told nothing of drafts, of what the source pays, or in the words of a rail; days are those of its own zone. */
  reader: "operator" | "affiliate";
  /** Newest change first, or newest sale first. */
  newest: "change" | "sale";
  /** `cursor` of the last row shown. */
  after?: string;
  limit: number;
};

/** Whether somebody should look who a conversion `c` belongs to, or why no commission can be computed on it: not once the source took it back. */
export const needsAttention = {
  parked: sql`c.affiliate_id is null and c.network_status in ('pending', 'approved')`,
  unpriced: sql`c.unpriced_reason is not null and c.network_status in ('pending', 'approved')`,
} as const;

/** Conversions with their stage, by keyset, whatever the filter. */
export async function listStagedConversions(tx: Tx, filter: ConversionFilter, now: Date): Promise<StagedConversion[]> {
  const by = filter.newest === "change" ? sql`c.updated_at` : sql`c.event_at`;
  const isShown =
    filter.reader === "operator" ? sql`p.state <> 'canceled'` : sql`p.state not in ('canceled', 'planned')`;
  const rows = await queryRows<StagedRow>(
    tx,
    sql`select c.*, ${by} as sorted_by, s.name as source_name, a.name as affiliate_name, k.event_at as clicked_at,
          ${filter.reader === "operator" ? sql`g.time_zone` : sql`a.time_zone`} as time_zone,
          m.state, m.amount_minor, m.currency, m.hold_until, last_owed.trace, last_owed.amount_minor as last_owed_minor,
          said.status_at, said.approved_at, released.event_at as released_at,
          p.state as payout_state, p.rail, p.reason, p.created_at as planned_at, p.settled_at, p.updated_at as state_at, t.first_sent_at as sent_at
        from (select * from conversions c where ${conditionOf(filter, by)} order by ${by} desc, c.id desc limit ${filter.limit}) c
        join sources s on s.id = c.source_id join programs g on g.id = c.program_id
        left join affiliates a on a.id = c.affiliate_id left join clicks k on k.id = c.click_ref
        left join commissions m on m.conversion_id = c.id
        left join lateral (
          select max(h.event_at) filter (where h.to_status = c.network_status) as status_at,
            max(h.event_at) filter (where h.to_status = 'approved') as approved_at
          from conversion_changes h where h.conversion_id = c.id and h.applied) said on true
        left join lateral (
          select e.trace, e.amount_minor from commission_effects e where e.commission_id = m.id and e.kind not in ('decline', 'reverse')
          order by e.version desc limit 1) last_owed on true
        left join lateral (
          select e.event_at from commission_effects e where e.commission_id = m.id and e.kind = 'release' and m.released
          order by e.version desc limit 1) released on true
        left join lateral (
          select p.* from payout_lines l join payouts p on p.id = l.payout_id where l.commission_id = m.id and ${isShown}
          order by p.created_at desc, p.id desc limit 1) p on true
        left join attempts t on t.id = p.attempt_id
        order by ${by} desc, c.id desc`,
  );
  const unpriced = rows.filter((row) => row.unpriced_reason !== null);
  const versions = await ruleVersionsOf(tx, [...new Set(unpriced.map((row) => row.program_id))]);
  return rows.map((row) => toStaged(row, { reader: filter.reader, versions, now }));
}

/** The part of a conversion that its affiliate may see. */
export function toOwnEarning(conversion: StagedConversion): OwnEarning {
  const { id, externalId, sourceName, networkStatus, commission, explanation, stage } = conversion;
  const { eventAt, updatedAt, cursor } = conversion;
  return { id, externalId, sourceName, networkStatus, commission, explanation, stage, eventAt, updatedAt, cursor };
}

function conditionOf(filter: ConversionFilter, by: SQL): SQL {
  const cut = filter.after?.lastIndexOf(" ") ?? -1;
  const conditions: SQL[] = [
    ...(filter.status ? [sql`c.network_status = ${filter.status}`] : []),
    ...(filter.attention ? [needsAttention[filter.attention]] : []),
    ...(filter.affiliateId ? [sql`c.affiliate_id = ${filter.affiliateId}`] : []),
    ...(filter.conversionId ? [sql`c.id = ${filter.conversionId}`] : []),
    ...(filter.order ? [sql`starts_with(c.external_id, ${filter.order})`] : []),
    ...(filter.after
      ? [sql`(${by}, c.id) < (${filter.after.slice(0, cut)}::timestamptz, ${filter.after.slice(cut + 1)})`]
      : []),
  ];
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}

type StagedRow = {
  id: string;
  external_id: string;
  source_id: string;
  source_name: string;
  program_id: string;
  time_zone: string;
  affiliate_id: string | null;
  affiliate_name: string | null;
  network_status: NetworkStatus;
  trust: Trust;
  sale_minor: string | null;
  sale_currency: string | null;
  reward_minor: string | null;
  reward_currency: string | null;
  unattributed_reason: string | null;
  unpriced_reason: string | null;
  event_at: string;
  updated_at: string;
  created_at: string;
  sorted_by: string;
  clicked_at: string | null;
  status_at: string | null;
  approved_at: string | null;
  released_at: string | null;
} & (
  | { state: null }
  | {
      state: CommissionState;
      amount_minor: string;
      currency: string;
      hold_until: string;
      trace: Trace;
      last_owed_minor: string;
    }
) &
  (
    | { payout_state: null }
    | {
        payout_state: NonNullable<StageInput["payout"]>["state"];
        rail: string;
        reason: string | null;
        planned_at: string;
        settled_at: string | null;
        state_at: string;
        sent_at: string | null;
      }
  );

type Telling = { reader: ConversionFilter["reader"]; versions: readonly RuleVersion[]; now: Date };

function toStaged(row: StagedRow, telling: Telling): StagedConversion {
  const stage = toStageInput(row, telling);
  const commission = row.state === null ? null : { ...row, state: stage.commission?.state ?? row.state };
  const owed = commission && {
    state: commission.state,
    calculation: calculationOf(commission.trace, row.source_name, telling.reader),
    lastOwed: { minor: BigInt(commission.last_owed_minor), currency: commission.currency },
  };
  return {
    id: row.id,
    externalId: row.external_id,
    sourceName: row.source_name,
    affiliateId: row.affiliate_id,
    affiliateName: row.affiliate_name,
    networkStatus: row.network_status,
    trust: row.trust,
    sale: optionalMoney(row.sale_minor, row.sale_currency),
    reward: optionalMoney(row.reward_minor, row.reward_currency),
    commission: commission && {
      amount: { minor: BigInt(commission.amount_minor), currency: commission.currency },
      state: commission.state,
    },
    explanation: explainOwed({ ...stage, reporter: row.source_name, commission: owed }),
    stage: stageOf(stage),
    eventAt: new Date(row.event_at),
    updatedAt: new Date(row.updated_at),
    cursor: `${row.sorted_by} ${row.id}`,
  };
}

/** A share of the reward is told to an affiliate without reward and rate: they are between the operator and the source. */
function calculationOf(trace: Trace, source: string, reader: Telling["reader"]): string {
  if (reader === "operator" || trace.base === "sale") return explain(trace);
  const amount = `${toDecimal({ minor: BigInt(trace.resultMinor), currency: trace.currency })} ${trace.currency}`;
  const rule = `rule "${trace.ruleName}", version ${trace.ruleVersion}`;
  return trace.kind === "flat"
    ? `A flat ${amount} for each approved order (${rule}).`
    : `${amount} is your share of what ${source} pays for the order (${rule}).`;
}

function toStageInput(row: StagedRow, { reader, versions, now }: Telling): StageInput {
  const payout = toPayout(row, reader);
  return {
    clickedAt: optionalDate(row.clicked_at),
    reportedAt: new Date(row.created_at),
    networkStatus: row.network_status,
    statusAt: new Date(row.status_at ?? row.created_at),
    reporter: { kind: row.reward_minor === null ? "shop" : "network", name: row.source_name },
    parkedReason: row.unattributed_reason,
    unpriced: row.unpriced_reason === null ? null : missingFor(row, versions),
    commission:
      row.state === null
        ? null
        : {
            state: reader === "operator" ? row.state : withoutDraft(row.state, payout),
            approvedAt: optionalDate(row.approved_at),
            holdUntil: new Date(row.hold_until),
            releasedAt: optionalDate(row.released_at),
          },
    payout,
    now,
    timeZone: row.time_zone,
  };
}

function toPayout(row: StagedRow, reader: Telling["reader"]): StageInput["payout"] {
  if (row.payout_state === null) return null;
  return {
    state: row.payout_state,
    rail: railWord(row.rail),
    reason:
      reader === "operator" ? row.reason : ownFault({ state: row.payout_state, reason: row.reason, rail: row.rail }),
    plannedAt: new Date(row.planned_at),
    sentAt: optionalDate(row.sent_at),
    settledAt: optionalDate(row.settled_at),
    stateAt: new Date(row.state_at),
  };
}

/** A commission in a draft, as its affiliate sees it: the draft may never be approved, and what was taken back in one was never paid. */
function withoutDraft(state: CommissionState, payout: StageInput["payout"]): CommissionState {
  const isUnderWay = payout !== null && !["paid", "failed", "returned", "reversed"].includes(payout.state);
  if (state === "in_batch" && !isUnderWay) return "payable";
  return state === "clawed_back" && payout === null ? "void" : state;
}

/** What is missing is asked of the rules as they are now, since a rule may have been added for that day. */
function missingFor(row: StagedRow, versions: readonly RuleVersion[]): StageInput["unpriced"] {
  const sale = { programId: row.program_id, sourceId: row.source_id, eventAt: new Date(row.event_at) };
  const rule = chooseRule(versions, sale);
  if (!rule) return "no_rule";
  return (rule.base === "sale" ? row.sale_minor : row.reward_minor) === null ? "no_base" : "not_computed";
}

function optionalDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function optionalMoney(minor: string | null, currency: string | null): Money | null {
  return minor === null || currency === null ? null : { minor: BigInt(minor), currency };
}
