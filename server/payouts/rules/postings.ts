import type { Money } from "@/server/money";
import type { State } from "./states";

/** One booking that a move asks for, both sides positive. `affiliate_payable` is the affiliate's, the others are the rail's. */
export type Posting = { readonly purpose: string; readonly debit: Side; readonly credit: Side; readonly amount: Money };

type Side = "affiliate_payable" | "payouts_in_transit" | "cash" | "fees";

/** What the ledger books when a payout moves. A payout makes each of these moves at most once, so a purpose is unique per payout. */
export function postingsOf(move: { from: State; to: State; amount: Money; fee: Money | null }): Posting[] {
  const { from, to, amount, fee } = move;
  switch (to) {
    case "queued":
      return [{ purpose: "approve", debit: "affiliate_payable", credit: "payouts_in_transit", amount }];
    case "paid": {
      const settled: Posting = { purpose: "settle", debit: "payouts_in_transit", credit: "cash", amount };
      if (fee === null || fee.minor <= 0n) return [settled];
      return [settled, { purpose: "fee", debit: "fees", credit: "cash", amount: fee }];
    }
    case "failed":
    case "returned":
    case "reversed":
    case "canceled": {
      if (from === "planned") return [];
      const debit = from === "paid" ? "cash" : "payouts_in_transit";
      return [{ purpose: PURPOSES[to], debit, credit: "affiliate_payable", amount }];
    }
    default:
      return [];
  }
}

const PURPOSES = { failed: "fail", returned: "return", reversed: "reverse", canceled: "cancel" } as const;
