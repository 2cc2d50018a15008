import type { Money } from "@/server/money";

/** What stands where in one currency. All as affiliates would say it: positive is theirs. Payable may be negative, when paid commissions
 *  were taken back. */
export type CurrencyBalances = { currency: string; held: Money; payable: Money; inTransit: Money; paid: Money };

/** The ledger keeps debts to affiliates as credits, debits positive: here the sign is turned once, for every screen. `paid` comes as it is shown.
 *  Sorted by currency; a currency appears when anything of it is not zero. */
export function currencyBalances(
  totals: readonly { kind: string; total: Money }[],
  paid: readonly Money[],
): CurrencyBalances[] {
  const currencies = [...new Set([...totals.map((t) => t.total.currency), ...paid.map((p) => p.currency)])].sort();
  const owed = (kind: string, currency: string): Money => ({
    minor: -totals
      .filter((t) => t.kind === kind && t.total.currency === currency)
      .reduce((sum, t) => sum + t.total.minor, 0n),
    currency,
  });
  return currencies
    .map((currency) => ({
      currency,
      held: owed("affiliate_held", currency),
      payable: owed("affiliate_payable", currency),
      inTransit: owed("payouts_in_transit", currency),
      paid: {
        minor: paid.filter((p) => p.currency === currency).reduce((sum, p) => sum + p.minor, 0n),
        currency,
      },
    }))
    .filter((b) => [b.held, b.payable, b.inTransit, b.paid].some((amount) => amount.minor !== 0n));
}
