import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { totalsByKind } from "@/server/ledger";
import { type CurrencyBalances, currencyBalances } from "./rules/balances";

/** What stands where, per currency, over the organization. */
export async function organizationBalances(tx: Tx): Promise<CurrencyBalances[]> {
  const totals = await totalsByKind(tx);
  const paid = await queryRows<{ currency: string; paid_minor: string }>(
    tx,
    sql`select currency, sum(amount_minor) as paid_minor from payouts where state = 'paid' group by currency`,
  );
  return currencyBalances(
    totals,
    paid.map((row) => ({ minor: BigInt(row.paid_minor), currency: row.currency })),
  );
}

/** How many things wait for a person, by kind. */
export type Waiting = {
  quarantined: number;
  parked: number;
  unpriced: number;
  drafts: number;
  unknown: number;
  failed: number;
};

/** What an operator should look at. A failed payout counts until it was tried again. */
export async function waitingForOperator(tx: Tx): Promise<Waiting> {
  const [row] = await queryRows<Waiting>(
    tx,
    sql`select (select count(*)::int from deliveries where result = 'quarantined') as quarantined,
          (select count(*)::int from conversions where affiliate_id is null and network_status in ('pending', 'approved')) as parked,
          (select count(*)::int from conversions where unpriced_reason is not null) as unpriced,
          (select count(*)::int from payout_batches where state = 'draft') as drafts,
          (select count(*)::int from payouts where state = 'unknown') as unknown,
          (select count(*)::int from payouts p where state in ('failed', 'returned', 'reversed')
             and not exists (select from payouts r where r.retry_of = p.id)) as failed`,
  );
  return row ?? { quarantined: 0, parked: 0, unpriced: 0, drafts: 0, unknown: 0, failed: 0 };
}

/** What is promised of every request and every cent, counted and not claimed. */
export type Proof = {
  /** Requests stored and understood. */
  accepted: number;
  /** Repeats that were stored and moved nothing. */
  duplicates: number;
  /** Accepted, said to be processed, and yet without a conversion: must be 0. */
  lost: number;
  /** Commission movements that two paid payouts contain: must be 0. */
  paidTwice: number;
};

/** Counts the proof over everything there is. */
export async function countProof(tx: Tx): Promise<Proof> {
  const [row] = await queryRows<{ accepted: number; duplicates: number; lost: number; paid_twice: number }>(
    tx,
    sql`select count(*) filter (where d.result = 'accepted')::int as accepted, count(*) filter (where d.result = 'duplicate')::int as duplicates,
          count(*) filter (where d.result = 'accepted' and d.processed_at is not null and d.external_id is not null and c.id is null)::int as lost,
          (select count(*)::int from (select l.effect_id from payout_lines l join payouts p on p.id = l.payout_id
             where p.state = 'paid' group by l.effect_id having count(*) > 1) twice) as paid_twice
        from deliveries d left join conversions c on c.source_id = d.source_id and c.external_id = d.external_id`,
  );
  return {
    accepted: row?.accepted ?? 0,
    duplicates: row?.duplicates ?? 0,
    lost: row?.lost ?? 0,
    paidTwice: row?.paid_twice ?? 0,
  };
}

/** The parts of a first postback that would be credited: a source that takes unsigned generic requests, and somebody enrolled in its
 *  program. `affiliate` is what the sub-id must say; null when nobody is enrolled. */
export async function firstPostbackParts(
  tx: Tx,
): Promise<{ token: string; currency: string; affiliate: string | null } | null> {
  const [row] = await queryRows<{ token: string; currency: string; affiliate: string | null }>(
    tx,
    sql`select s.token, coalesce(s.default_currency, p.currency) as currency,
          (select coalesce(a.external_id, a.id) from enrolments e join affiliates a on a.id = e.affiliate_id
           where e.program_id = s.program_id order by e.created_at, a.id limit 1) as affiliate
        from sources s join programs p on p.id = s.program_id
        where s.ended_at is null and s.network = 'generic' and s.signing_secret is null order by s.created_at, s.id limit 1`,
  );
  return row ?? null;
}

/** Names of sources by id, for sentences. */
export async function sourceNames(tx: Tx): Promise<Map<string, string>> {
  const rows = await queryRows<{ id: string; name: string }>(tx, sql`select id, name from sources`);
  return new Map(rows.map((row) => [row.id, row.name]));
}
