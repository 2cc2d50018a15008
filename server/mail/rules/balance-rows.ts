import { assertInvariant } from "@/server/errors";
import { type Money, toDecimal } from "@/server/money";

/** One balance of an affiliate over a period, from the ledger, and what the told movements come to. */
export type PeriodBalance = {
  kind: "held" | "payable";
  opening: Money;
  /** The sum of the movements that the digest tells. */
  moved: Money;
  closing: Money;
};

/** The balances as they are shown, those that never held anything left out.
 *  Errors: invariant_broken (opening + movements is not closing: a movement would be told wrong or not at all). */
export function checkedBalances(owner: string, balances: readonly PeriodBalance[]): PeriodBalance[] {
  for (const { kind, opening, moved, closing } of balances) {
    assertInvariant(
      opening.minor + moved.minor === closing.minor,
      `${kind} balance of ${owner}: opening ${toDecimal(opening)} plus movements ${toDecimal(moved)} is not closing ${toDecimal(closing)} ${closing.currency}`,
    );
  }
  return balances.filter(({ opening, moved, closing }) => [opening, moved, closing].some(({ minor }) => minor !== 0n));
}
