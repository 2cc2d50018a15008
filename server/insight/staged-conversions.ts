import { type SQL, sql } from "drizzle-orm";
import { type CommissionState, explain, type Trace } from "@/server/commissions";
import type { NetworkStatus, Trust } from "@/server/conversions";
import { queryRows, type Tx } from "@/server/db";
import type { Money } from "@/server/money";
import { type Stage, type StageInput, stageOf } from "./rules/stage";

/** One conversion in a list: what was reported, what is owed on it and how that came about, and where it stands. */
export type StagedConversion = {
  id: string;
  externalId: string;
  sourceName: string;
  affiliateId: string | null;
  affiliateName: string | null;
  networkStatus: NetworkStatus;
  trust: Trust;
  sale: Money | null;
  reward: Money | null;
  commission: { amount: Money; state: CommissionState; explanation: string } | null;
  stage: Stage;
  eventAt: Date;
  updatedAt: Date;
  /** Where the next page begins. */
  cursor: string;
};

export type ConversionFilter = {
  status?: NetworkStatus;
  /** Only those nobody is credited with, or that no rule prices. */
  attention?: "parked" | "unpriced";
  affiliateId?: string;
  conversionId?: string;
  /** The beginning of an order number. */
  order?: string;
  /** Newest change first, or newest sale first. */
  newest: "change" | "sale";
  /** `cursor` of the last row shown. */
  after?: string;
  limit: number;
};

/** Conversions with their stage, by keyset: one statement, whatever the filter. */
export async function listStagedConversions(tx: Tx, filter: ConversionFilter, now: Date): Promise<StagedConversion[]> {
  const by = filter.newest === "change" ? sql`c.updated_at` : sql`c.event_at`;
  const rows = await queryRows<StagedRow>(
    tx,
    sql`select c.*, ${by} as sorted_by, s.name as source_name, a.name as affiliate_name, k.event_at as clicked_at,
          m.state, m.amount_minor, m.currency, m.trace, m.hold_until, said.status_at, said.approved_at, released.event_at as released_at,
          p.state as payout_state, p.rail, p.reason, p.created_at as planned_at, p.settled_at, p.updated_at as state_at, t.first_sent_at as sent_at
        from (select * from conversions c where ${conditionOf(filter, by)} order by ${by} desc, c.id desc limit ${filter.limit}) c
        join sources s on s.id = c.source_id left join affiliates a on a.id = c.affiliate_id left join clicks k on k.id = c.click_ref
        left join commissions m on m.conversion_id = c.id
        left join lateral (
          select max(h.event_at) filter (where h.to_status = c.network_status) as status_at,
            max(h.event_at) filter (where h.to_status = 'approved') as approved_at
          from conversion_changes h where h.conversion_id = c.id and h.applied) said on true
        left join lateral (
          select e.event_at from commission_effects e where e.commission_id = m.id and e.kind = 'release' limit 1) released on true
        left join lateral (
          select p.* from payout_lines l join payouts p on p.id = l.payout_id where l.commission_id = m.id
          order by p.created_at desc, p.id desc limit 1) p on true
        left join attempts t on t.id = p.attempt_id
        order by ${by} desc, c.id desc`,
  );
  return rows.map((row) => toStaged(row, now));
}

function conditionOf(filter: ConversionFilter, by: SQL): SQL {
  const cut = filter.after?.lastIndexOf(" ") ?? -1;
  const conditions: SQL[] = [
    ...(filter.status ? [sql`c.network_status = ${filter.status}`] : []),
    ...(filter.attention === "parked" ? [sql`c.affiliate_id is null`] : []),
    ...(filter.attention === "unpriced" ? [sql`c.unpriced_reason is not null`] : []),
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
  source_name: string;
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
  | { state: CommissionState; amount_minor: string; currency: string; trace: Trace; hold_until: string }
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

function toStaged(row: StagedRow, now: Date): StagedConversion {
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
    commission:
      row.state === null
        ? null
        : {
            amount: { minor: BigInt(row.amount_minor), currency: row.currency },
            state: row.state,
            explanation: explain(row.trace),
          },
    stage: stageOf(toStageInput(row, now)),
    eventAt: new Date(row.event_at),
    updatedAt: new Date(row.updated_at),
    cursor: `${row.sorted_by} ${row.id}`,
  };
}

function toStageInput(row: StagedRow, now: Date): StageInput {
  return {
    clickedAt: optionalDate(row.clicked_at),
    reportedAt: new Date(row.created_at),
    networkStatus: row.network_status,
    statusAt: new Date(row.status_at ?? row.created_at),
    reporter: { kind: row.reward_minor === null ? "shop" : "network", name: row.source_name },
    parkedReason: row.unattributed_reason,
    unpricedReason: row.unpriced_reason,
    commission:
      row.state === null
        ? null
        : {
            state: row.state,
            approvedAt: row.network_status === "approved" ? optionalDate(row.approved_at) : null,
            holdUntil: new Date(row.hold_until),
            releasedAt: optionalDate(row.released_at),
          },
    payout:
      row.payout_state === null
        ? null
        : {
            state: row.payout_state,
            rail: row.rail,
            reason: row.reason,
            plannedAt: new Date(row.planned_at),
            sentAt: optionalDate(row.sent_at),
            settledAt: optionalDate(row.settled_at),
            stateAt: new Date(row.state_at),
          },
    nextBatchAt: null,
    now,
  };
}

function optionalDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function optionalMoney(minor: string | null, currency: string | null): Money | null {
  return minor === null || currency === null ? null : { minor: BigInt(minor), currency };
}
