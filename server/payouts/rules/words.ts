import { type Money, toDecimal } from "@/server/money";

/** "12.00 EUR": an amount inside a sentence that is stored. */
export function sayAmount(amount: Money): string {
  return `${toDecimal(amount)} ${amount.currency}`;
}
