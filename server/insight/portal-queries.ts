import { sql } from "drizzle-orm";
import { type CommissionState, explain, type Trace } from "@/server/commissions";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import type { Money } from "@/server/money";
import { type Stage, type StageInput, stageOf } from "./rules/stage";

/** What one affiliate has in one currency, by where it stands. */
export type PortalBalance = {
  currency: string;
  /** Payable: goes into the next batch. Negative when more was taken back than was earned since. */
  available: Money;
  held: Money;
  inTransit: Money;
  paid: Money;
  /** When the next held and approved amounts become payable, soonest first; pending approval is not in it. */
  releases: { on: Date; amount: Money }[];
};

/** How many dates of release are listed per currency: what a person reads at a glance. */
const RELEASES_SHOWN = 5;

/** Balances of one affiliate in every currency it has earned in. */
export async function portalBalances(tx: Tx, affiliateId: string): Promise<PortalBalance[]> {
  const rows = await queryRows<{
    currency: string;
    available_minor: string;
    held_minor: string;
    in_transit_minor: string;
    paid_minor: string;
  }>(
    tx,
    sql`with accounts as (
          select currency, -sum(balance_minor) filter (where kind = 'affiliate_payable') as available_minor,
            -sum(balance_minor) filter (where kind = 'affiliate_held') as held_minor
          from ledger_accounts where owner_id = ${affiliateId} and kind in ('affiliate_payable', 'affiliate_held') group by currency
        ), sent as (
          select currency, sum(amount_minor) filter (where state in ('queued', 'submitting', 'submitted', 'unclaimed', 'unknown')) as in_transit_minor,
            sum(amount_minor) filter (where state = 'paid') as paid_minor
          from payouts where affiliate_id = ${affiliateId} group by currency
        )
        select currency, coalesce(available_minor, 0) as available_minor, coalesce(held_minor, 0) as held_minor,
          coalesce(in_transit_minor, 0) as in_transit_minor, coalesce(paid_minor, 0) as paid_minor
        from accounts full join sent using (currency) order by currency`,
  );
  const releases = await releasesOf(tx, affiliateId);
  return rows.map(({ currency, ...row }) => ({
    currency,
    available: { minor: BigInt(row.available_minor), currency },
    held: { minor: BigInt(row.held_minor), currency },
    inTransit: { minor: BigInt(row.in_transit_minor), currency },
    paid: { minor: BigInt(row.paid_minor), currency },
    releases: releases.filter((release) => release.amount.currency === currency).slice(0, RELEASES_SHOWN),
  }));
}

async function releasesOf(tx: Tx, affiliateId: string): Promise<PortalBalance["releases"]> {
  const rows = await queryRows<{ on: string; currency: string; amount_minor: string }>(
    tx,
    sql`select date_trunc('day', hold_until) as "on", currency, sum(amount_minor) as amount_minor from commissions
        where affiliate_id = ${affiliateId} and state = 'held' and approved group by 1, 2 order by 1`,
  );
  return rows.map((row) => ({
    on: new Date(row.on),
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
  }));
}

/** One earning as the affiliate sees it: where it stands, what comes next, and how the amount came about. */
export type Earning = {
  conversionId: string;
  order: string;
  sourceName: string;
  amount: Money;
  state: CommissionState;
  explanation: string;
  stage: Stage;
  eventAt: Date;
  /** Where the next page begins. */
  cursor: string;
};

/** Earnings of one affiliate, newest sale first, by keyset. */
export async function listEarnings(
  tx: Tx,
  input: { affiliateId: string; after?: string; limit: number; conversionId?: string },
  now: Date,
): Promise<Earning[]> {
  const cut = input.after?.lastIndexOf(" ") ?? -1;
  const rows = await queryRows<EarningRow>(
    tx,
    sql`select c.id, m.id as commission_id, c.external_id, s.name as source_name, c.network_status, c.reward_minor is null as from_shop, c.created_at as reported_at,
          k.event_at as clicked_at, m.state, m.amount_minor, m.currency, m.trace, m.hold_until, m.event_at,
          said.status_at, said.approved_at, released.event_at as released_at,
          p.state as payout_state, p.rail, p.reason, p.created_at as planned_at, p.settled_at, p.updated_at as state_at, t.first_sent_at as sent_at
        from commissions m join conversions c on c.id = m.conversion_id join sources s on s.id = c.source_id
        left join clicks k on k.id = c.click_ref
        left join lateral (
          select max(h.event_at) filter (where h.to_status = c.network_status) as status_at, max(h.event_at) filter (where h.to_status = 'approved') as approved_at
          from conversion_changes h where h.conversion_id = c.id and h.applied) said on true
        left join lateral (select e.event_at from commission_effects e where e.commission_id = m.id and e.kind = 'release' limit 1) released on true
        left join lateral (
          select p.* from payout_lines l join payouts p on p.id = l.payout_id where l.commission_id = m.id order by p.created_at desc, p.id desc limit 1) p on true
        left join attempts t on t.id = p.attempt_id
        where m.affiliate_id = ${input.affiliateId}
          and ${input.after === undefined ? sql`true` : sql`(m.event_at, m.id) < (${input.after.slice(0, cut)}::timestamptz, ${input.after.slice(cut + 1)})`}
          and ${input.conversionId === undefined ? sql`true` : sql`m.conversion_id = ${input.conversionId}`}
        order by m.event_at desc, m.id desc limit ${input.limit}`,
  );
  return rows.map((row) => toEarning(row, now));
}

/** One earning of one affiliate. Errors: not_found, also when it is somebody else's. */
export async function getEarning(
  tx: Tx,
  input: { affiliateId: string; conversionId: string },
  now: Date,
): Promise<Earning> {
  const [earning] = await listEarnings(tx, { ...input, limit: 1 }, now);
  if (!earning) throw new Refusal("not_found", `earning ${input.conversionId} does not exist`);
  return earning;
}

type EarningRow = {
  commission_id: string;
  id: string;
  external_id: string;
  source_name: string;
  network_status: StageInput["networkStatus"];
  from_shop: boolean;
  reported_at: string;
  clicked_at: string | null;
  state: CommissionState;
  amount_minor: string;
  currency: string;
  trace: Trace;
  hold_until: string;
  event_at: string;
  status_at: string | null;
  approved_at: string | null;
  released_at: string | null;
  payout_state: NonNullable<StageInput["payout"]>["state"] | null;
  rail: string;
  reason: string | null;
  planned_at: string;
  settled_at: string | null;
  state_at: string;
  sent_at: string | null;
};

function toEarning(row: EarningRow, now: Date): Earning {
  const at = (text: string | null) => (text === null ? null : new Date(text));
  const stage = stageOf({
    clickedAt: at(row.clicked_at),
    reportedAt: new Date(row.reported_at),
    networkStatus: row.network_status,
    statusAt: new Date(row.status_at ?? row.reported_at),
    reporter: { kind: row.from_shop ? "shop" : "network", name: row.source_name },
    parkedReason: null,
    unpricedReason: null,
    commission: {
      state: row.state,
      approvedAt: row.network_status === "approved" ? at(row.approved_at) : null,
      holdUntil: new Date(row.hold_until),
      releasedAt: at(row.released_at),
    },
    payout:
      row.payout_state === null
        ? null
        : {
            state: row.payout_state,
            rail: row.rail,
            reason: row.reason,
            plannedAt: new Date(row.planned_at),
            sentAt: at(row.sent_at),
            settledAt: at(row.settled_at),
            stateAt: new Date(row.state_at),
          },
    nextBatchAt: null,
    now,
  });
  return {
    conversionId: row.id,
    order: row.external_id,
    sourceName: row.source_name,
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    state: row.state,
    explanation: explain(row.trace),
    stage,
    eventAt: new Date(row.event_at),
    cursor: `${row.event_at} ${row.commission_id}`,
  };
}
