import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { totalsByKind } from "@/server/ledger";
import { isUnknown, waitsForRetry } from "@/server/payouts";
import type { Proof, Waiting } from "./output";
import { type CurrencyBalances, currencyBalances } from "./rules/balances";
import { needsAttention } from "./staged-conversions";

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

/** What an operator should look at, counted by the very conditions of the lists that show it. */
export async function waitingForOperator(tx: Tx): Promise<Waiting> {
  const [row] = await queryRows<Waiting>(
    tx,
    sql`select (select count(*)::int from deliveries where result = 'quarantined') as quarantined,
          (select count(*)::int from conversions c where ${needsAttention.parked}) as parked,
          (select count(*)::int from conversions c where ${needsAttention.unpriced}) as unpriced,
          (select count(*)::int from payout_batches where state = 'draft') as drafts,
          (select count(*)::int from payouts p where ${isUnknown}) as unknown,
          (select count(*)::int from payouts p where ${waitsForRetry}) as failed,
          (select count(*)::int from tasks where closed_at is null and kind in ('payout_accepted_twice', 'payout_waiting')) as alarms`,
  );
  return row ?? { quarantined: 0, parked: 0, unpriced: 0, drafts: 0, unknown: 0, failed: 0, alarms: 0 };
}

/** The place of the newest delivery in the log; 0 without one. Numbers are shared by all organizations. */
export async function newestDelivery(tx: Tx): Promise<number> {
  const [row] = await queryRows<{ seq: string | null }>(tx, sql`select max(seq) as seq from deliveries`);
  return Number(row?.seq ?? 0);
}

/** Counts the deliveries of a part of the log, from one place to before another. */
export async function countDeliveries(
  tx: Tx,
  part: { from: number; before: number },
): Promise<Pick<Proof, "accepted" | "duplicates" | "lost">> {
  const [row] = await queryRows<{ accepted: number; duplicates: number; lost: number }>(
    tx,
    sql`select count(*) filter (where d.result = 'accepted')::int as accepted, count(*) filter (where d.result = 'duplicate')::int as duplicates,
          count(*) filter (where d.result = 'accepted' and d.processed_at is not null and d.external_id is not null and c.id is null)::int as lost
        from deliveries d left join conversions c on c.source_id = d.source_id and c.external_id = d.external_id
        where d.seq >= ${part.from} and d.seq < ${part.before}`,
  );
  return row ?? { accepted: 0, duplicates: 0, lost: 0 };
}

/** Commission movements that two paid payouts contain. The database lets a movement have one active line: of two, one was given back, and of
 *  those there are few. */
export async function countPaidTwice(tx: Tx): Promise<number> {
  const [row] = await queryRows<{ twice: number }>(
    tx,
    sql`select count(distinct l.effect_id)::int as twice from payout_lines l join payouts p on p.id = l.payout_id
        where not l.active and p.state = 'paid' and exists (
          select from payout_lines other join payouts q on q.id = other.payout_id
          where other.effect_id = l.effect_id and other.payout_id <> l.payout_id and q.state = 'paid')`,
  );
  return row?.twice ?? 0;
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
