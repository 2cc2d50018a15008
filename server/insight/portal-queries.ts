import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { IN_TRANSIT } from "@/server/payouts";
import type { PortalBalance } from "./output";

/** How an affiliate reads figures and days. */
export type Reader = { /** BCP 47. */ locale: string; timeZone: string };

/** Errors: not_found. */
export async function readerOf(tx: Tx, affiliateId: string): Promise<Reader> {
  const [row] = await queryRows<{ locale: string; time_zone: string }>(
    tx,
    sql`select locale, time_zone from affiliates where id = ${affiliateId}`,
  );
  if (!row) throw new Refusal("not_found", `there is no affiliate ${affiliateId}`);
  return { locale: row.locale, timeZone: row.time_zone };
}

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
          select currency, sum(amount_minor) filter (where state in ${IN_TRANSIT}) as in_transit_minor,
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
    sql`select to_char(m.hold_until at time zone a.time_zone, 'YYYY-MM-DD') as "on", m.currency, sum(m.amount_minor) as amount_minor
        from commissions m join affiliates a on a.id = m.affiliate_id
        where m.affiliate_id = ${affiliateId} and m.state = 'held' and m.approved group by 1, 2 order by 1`,
  );
  return rows.map((row) => ({
    on: row.on,
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
  }));
}
