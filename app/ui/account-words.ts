import type { AccountKind } from "@/server/ledger";

/** The ledger accounts as people call them. */
export const accountWords: Record<AccountKind, string> = {
  network_receivable_claimed: "Network owes us, as claimed",
  network_receivable_confirmed: "Network owes us, confirmed",
  commission_expense: "Commission expense",
  affiliate_held: "Affiliate, held",
  affiliate_payable: "Affiliate, payable",
  margin_held: "Our margin, held",
  margin_earned: "Our margin, earned",
  payouts_in_transit: "Payouts in transit",
  cash: "Cash",
  fees: "Fees",
};
