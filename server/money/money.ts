import { Refusal } from "@/server/errors";
import { exponentOf } from "./currencies";

/** An amount in the currency's smallest unit. The only shape money has between the edges. */
export type Money = { readonly minor: bigint; readonly currency: string };

/** Builds money of a known currency. Errors: invalid_input (unknown currency). */
export function money(minor: bigint, currency: string): Money {
  exponentOf(currency);
  return { minor, currency };
}

/** Money as a nullable pair of columns holds it; null when there is none. */
export function optionalMoney(minor: string | null, currency: string | null): Money | null {
  return minor === null || currency === null ? null : { minor: BigInt(minor), currency };
}

/** a + b. Errors: currency_mismatch. */
export function add(a: Money, b: Money): Money {
  requireSameCurrency(a, b);
  return { minor: a.minor + b.minor, currency: a.currency };
}

/** a − b. Errors: currency_mismatch. */
export function subtract(a: Money, b: Money): Money {
  requireSameCurrency(a, b);
  return { minor: a.minor - b.minor, currency: a.currency };
}

/** The amount as an exact decimal string in major units, "-12.30": for rails, mails, exports and `Intl`. */
export function toDecimal(amount: Money): string {
  const exponent = exponentOf(amount.currency);
  const sign = amount.minor < 0n ? "-" : "";
  const digits = (amount.minor < 0n ? -amount.minor : amount.minor).toString().padStart(exponent + 1, "0");
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

function requireSameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) {
    throw new Refusal(
      "currency_mismatch",
      `${a.currency} and ${b.currency} cannot be added: convert one of them first`,
    );
  }
}
