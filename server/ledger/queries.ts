import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { Money } from "@/server/money";
import type { AccountKind } from "./rules/accounts";

export type Balance = { kind: AccountKind; ownerId: string; balance: Money };

/** Balances of one owner (an affiliate, a source, a program, a rail), debits positive. */
export async function balancesOf(tx: Tx, ownerId: string): Promise<Balance[]> {
  const rows = await queryRows<{ kind: AccountKind; owner_id: string; currency: string; balance_minor: string }>(
    tx,
    sql`select kind, owner_id, currency, balance_minor from ledger_accounts where owner_id = ${ownerId} order by currency, kind`,
  );
  return rows.map((row) => ({
    kind: row.kind,
    ownerId: row.owner_id,
    balance: { minor: BigInt(row.balance_minor), currency: row.currency },
  }));
}

/** Sums per kind and currency over the organization, debits positive. */
export async function totalsByKind(tx: Tx): Promise<{ kind: AccountKind; total: Money }[]> {
  const rows = await queryRows<{ kind: AccountKind; currency: string; total_minor: string }>(
    tx,
    sql`select kind, currency, sum(balance_minor) as total_minor from ledger_accounts group by kind, currency order by currency, kind`,
  );
  return rows.map((row) => ({ kind: row.kind, total: { minor: BigInt(row.total_minor), currency: row.currency } }));
}

export type EntryRow = {
  transactionId: string;
  causeId: string;
  purpose: string;
  kind: AccountKind;
  ownerId: string;
  amount: Money;
  balanceAfter: Money;
  eventAt: Date;
};

/** The entries posted for some causes, oldest first. */
export async function entriesOf(tx: Tx, causeIds: readonly string[]): Promise<EntryRow[]> {
  if (causeIds.length === 0) return [];
  const rows = await queryRows<{
    transaction_id: string;
    cause_id: string;
    purpose: string;
    kind: AccountKind;
    owner_id: string;
    currency: string;
    amount_minor: string;
    balance_after_minor: string;
    event_at: string;
  }>(
    tx,
    sql`select t.id as transaction_id, t.cause_id, t.purpose, a.kind, a.owner_id, e.currency, e.amount_minor, e.balance_after_minor, e.event_at
        from ledger_transactions t join ledger_entries e on e.transaction_id = t.id join ledger_accounts a on a.id = e.account_id
        where t.cause_id in ${causeIds} order by t.event_at, t.id, e.line`,
  );
  return rows.map((row) => ({
    transactionId: row.transaction_id,
    causeId: row.cause_id,
    purpose: row.purpose,
    kind: row.kind,
    ownerId: row.owner_id,
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    balanceAfter: { minor: BigInt(row.balance_after_minor), currency: row.currency },
    eventAt: new Date(row.event_at),
  }));
}
