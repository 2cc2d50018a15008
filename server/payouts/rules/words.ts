import { type Money, toDecimal } from "@/server/money";

/** "12.00 EUR": an amount inside a sentence that is stored. */
export function sayAmount(amount: Money): string {
  return `${toDecimal(amount)} ${amount.currency}`;
}

/** "3 Dec 2026": the calendar day of an instant in a zone. */
export function sayDay(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone }).format(
    instant,
  );
}
