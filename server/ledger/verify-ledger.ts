import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

/** One thing that is wrong in the books, and where. */
export type LedgerViolation = { rule: string; where: string; found: string };

/** How many wrong rows of one rule are listed: enough to find the cause, bounded so that a ruined database still answers. */
const SHOWN_PER_RULE = 20;

/** Recomputes the books of the transaction's organization from the entries alone and lists what does not agree.
 *  An empty list means: every transaction sums to zero per currency, every account's balance and version are those of its
 *  entries without a gap, and every entry continues the balance before it. */
export async function verifyLedger(tx: Tx): Promise<LedgerViolation[]> {
  const violations: LedgerViolation[] = [];
  for (const check of CHECKS) {
    const rows = await queryRows<{ where: string; found: string }>(tx, sql`${check.wrong} limit ${SHOWN_PER_RULE}`);
    violations.push(...rows.map((row) => ({ rule: check.rule, where: row.where, found: row.found })));
  }
  return violations;
}

const CHECKS: { rule: string; wrong: SQL }[] = [
  {
    rule: "a transaction sums to zero in each currency",
    wrong: sql`select transaction_id as "where", sum(amount_minor) || ' ' || currency as found from ledger_entries
      group by transaction_id, currency having sum(amount_minor) <> 0`,
  },
  {
    rule: "a transaction has entries",
    wrong: sql`select t.id as "where", 'no entries' as found from ledger_transactions t
      where not exists (select from ledger_entries e where e.transaction_id = t.id)`,
  },
  {
    rule: "an account's balance is the sum of its entries, its version their number",
    wrong: sql`select a.id as "where",
        'kept ' || a.balance_minor || ' v' || a.version || ', entries give ' || coalesce(e.total, 0) || ' v' || coalesce(e.entries, 0) as found
      from ledger_accounts a
      left join (select account_id, sum(amount_minor) as total, count(*) as entries from ledger_entries group by account_id) e
        on e.account_id = a.id
      where a.balance_minor <> coalesce(e.total, 0) or a.version <> coalesce(e.entries, 0)`,
  },
  {
    rule: "each entry continues the balance and version of the one before it",
    wrong: sql`select id as "where", 'version ' || account_version || ' after ' || previous_version || ', balance ' || balance_after_minor
        || ' after ' || previous_balance || ' plus ' || amount_minor as found
      from (select id, amount_minor, account_version, balance_after_minor,
              coalesce(lag(account_version) over w, 0) as previous_version, coalesce(lag(balance_after_minor) over w, 0) as previous_balance
            from ledger_entries window w as (partition by account_id order by account_version)) chain
      where account_version <> previous_version + 1 or balance_after_minor <> previous_balance + amount_minor`,
  },
  {
    rule: "an entry is in its account's currency",
    wrong: sql`select e.id as "where", e.currency || ' on an account in ' || a.currency as found
      from ledger_entries e join ledger_accounts a on a.id = e.account_id where a.currency <> e.currency`,
  },
];
