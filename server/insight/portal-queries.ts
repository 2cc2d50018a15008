import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { Money } from "@/server/money";

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
