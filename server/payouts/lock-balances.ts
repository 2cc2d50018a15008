import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

/** What the ledger owes each affiliate now, by affiliate and currency ("aff_… EUR"), locked until the transaction ends so that two
 *  approvals cannot spend one balance. `owners` selects (owner_id, currency). */
export async function lockBalances(tx: Tx, owners: SQL): Promise<Map<string, bigint>> {
  // The transit accounts too: taken in the same id order as the ledger takes them, they cannot deadlock with it.
  const rows = await queryRows<{ kind: string; owner_id: string; currency: string; balance_minor: string }>(
    tx,
    sql`select kind, owner_id, currency, balance_minor from ledger_accounts
        where kind = 'payouts_in_transit' or (kind = 'affiliate_payable' and (owner_id, currency) in (${owners}))
        order by id for update`,
  );
  return new Map(
    rows
      .filter((row) => row.kind === "affiliate_payable")
      .map((row) => [`${row.owner_id} ${row.currency}`, -BigInt(row.balance_minor)]),
  );
}
