import { type SQL, sql } from "drizzle-orm";
import type { EffectKind } from "@/server/commissions";
import { queryRows, type Tx } from "@/server/db";
import type { Money } from "@/server/money";
import { IN_TRANSIT } from "@/server/payouts";
import type { BalanceLine, BalanceLines } from "./output";
import type { BalanceName } from "./rules/balance-names";

export type BalanceLinesInput = {
  balance: BalanceName;
  currency: string;
  /** null: of everybody in the organization. */
  affiliateId: string | null;
  /** `id` of the last line shown. */
  after?: string;
  limit: number;
};

/** What a figure of the Overview or of the portal is made of. Held and payable are balances of the ledger: their lines are its entries. What is
 *  in transit and paid are payouts. Figure and lines are read by one statement each in the caller's transaction. */
export function listBalanceLines(tx: Tx, input: BalanceLinesInput): Promise<BalanceLines> {
  switch (input.balance) {
    case "held":
      return entriesOfAccounts(tx, "affiliate_held", input);
    case "payable":
      return entriesOfAccounts(tx, "affiliate_payable", input);
    case "inTransit":
      return payoutsIn(tx, IN_TRANSIT, input);
    case "paid":
      return payoutsIn(tx, ["paid"], input);
  }
}

async function entriesOfAccounts(
  tx: Tx,
  kind: "affiliate_held" | "affiliate_payable",
  { currency, affiliateId, after, limit }: BalanceLinesInput,
): Promise<BalanceLines> {
  const accounts = sql`a.kind = ${kind} and a.currency = ${currency} and ${affiliateId === null ? sql`true` : sql`a.owner_id = ${affiliateId}`}`;
  // The ledger keeps what is owed as credits, which are negative: the sign is turned here once.
  const total = await totalOf(
    tx,
    currency,
    sql`select -coalesce(sum(a.balance_minor), 0) as total_minor, coalesce(sum(a.version), 0)::int as count from ledger_accounts a where ${accounts}`,
  );
  const rows = await queryRows<EntryOfAccount>(
    tx,
    sql`select e.*, f.name as affiliate_name, t.cause_id, t.purpose, m.conversion_id, v.external_id, s.name as source_name, p.batch_id
        from (select e.id, -e.amount_minor as amount_minor, e.event_at, e.transaction_id, a.owner_id from ledger_entries e
              join ledger_accounts a on a.id = e.account_id
              where ${accounts} and ${after === undefined ? sql`true` : sql`e.id < ${after}`} order by e.id desc limit ${limit}) e
        join ledger_transactions t on t.id = e.transaction_id join affiliates f on f.id = e.owner_id
        left join commission_effects x on x.id = t.cause_id left join commissions m on m.id = x.commission_id
        left join conversions v on v.id = m.conversion_id left join sources s on s.id = v.source_id
        left join payouts p on p.id = t.cause_id
        order by e.id desc`,
  );
  return { ...total, lines: rows.map((row) => toLine(row, currency)) };
}

async function payoutsIn(
  tx: Tx,
  states: readonly string[],
  { currency, affiliateId, after, limit }: BalanceLinesInput,
): Promise<BalanceLines> {
  const chosen = sql`p.state in ${states} and p.currency = ${currency} and ${affiliateId === null ? sql`true` : sql`p.affiliate_id = ${affiliateId}`}`;
  const total = await totalOf(
    tx,
    currency,
    sql`select coalesce(sum(p.amount_minor), 0) as total_minor, count(*)::int as count from payouts p where ${chosen}`,
  );
  const rows = await queryRows<{
    id: string;
    batch_id: string;
    state: string;
    amount_minor: string;
    affiliate_name: string;
    at: string;
  }>(
    tx,
    sql`select p.id, p.batch_id, p.state, p.amount_minor, f.name as affiliate_name, coalesce(p.settled_at, p.updated_at) as at
        from payouts p join affiliates f on f.id = p.affiliate_id
        where ${chosen} and ${after === undefined ? sql`true` : sql`p.id < ${after}`} order by p.id desc limit ${limit}`,
  );
  return {
    ...total,
    lines: rows.map((row) => ({
      id: row.id,
      amount: { minor: BigInt(row.amount_minor), currency },
      affiliateName: row.affiliate_name,
      cause: { of: "payout", purpose: row.state, payoutId: row.id, batchId: row.batch_id },
      eventAt: new Date(row.at),
    })),
  };
}

async function totalOf(tx: Tx, currency: string, query: SQL): Promise<{ total: Money; count: number }> {
  const [row] = await queryRows<{ total_minor: string; count: number }>(tx, query);
  return { total: { minor: BigInt(row?.total_minor ?? 0), currency }, count: row?.count ?? 0 };
}

type EntryOfAccount = {
  id: string;
  amount_minor: string;
  event_at: string;
  affiliate_name: string;
  cause_id: string;
} & (
  | { batch_id: string; purpose: string; conversion_id: null }
  | { batch_id: null; purpose: EffectKind; conversion_id: string; external_id: string; source_name: string }
);

function toLine(row: EntryOfAccount, currency: string): BalanceLine {
  return {
    id: row.id,
    amount: { minor: BigInt(row.amount_minor), currency },
    affiliateName: row.affiliate_name,
    cause:
      row.conversion_id === null
        ? { of: "payout", purpose: row.purpose, payoutId: row.cause_id, batchId: row.batch_id }
        : {
            of: "commission",
            purpose: row.purpose,
            conversionId: row.conversion_id,
            externalId: row.external_id,
            sourceName: row.source_name,
          },
    eventAt: new Date(row.event_at),
  };
}
