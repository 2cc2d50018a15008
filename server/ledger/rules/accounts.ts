import type { Money } from "@/server/money";

/** The chart of accounts. Debit-normal: receivables, expense, cash, fees. Credit-normal: the rest. */
export type AccountKind =
  | "network_receivable_claimed"
  | "network_receivable_confirmed"
  | "commission_expense"
  | "affiliate_held"
  | "affiliate_payable"
  | "margin_held"
  | "margin_earned"
  | "payouts_in_transit"
  | "cash"
  | "fees";

/** Names one account: its kind and whose it is (affiliate, source, program or rail; "" for the organization). */
export type AccountRef = { readonly kind: AccountKind; readonly ownerId: string };

/** One line of a transaction: debits positive, credits negative. */
export type Line = { readonly account: AccountRef; readonly amount: Money };

/** A line on the left side. Give it a positive amount. */
export function debit(kind: AccountKind, ownerId: string, amount: Money): Line {
  return { account: { kind, ownerId }, amount };
}

/** A line on the right side. Give it a positive amount. */
export function credit(kind: AccountKind, ownerId: string, amount: Money): Line {
  return { account: { kind, ownerId }, amount: { minor: -amount.minor, currency: amount.currency } };
}
