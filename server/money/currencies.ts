import * as table from "dinero.js/currencies";
import { Refusal } from "@/server/errors";

/** The library gives the ariary and the ouguiya one digit, because five of their subunits make one. ISO 4217 and every
 *  payment provider write them with two. */
const notDecimal = { MGA: 2, MRU: 2 } as const;

const exponents = new Map<string, number>([
  ...Object.values(table).map((currency): [string, number] => [currency.code, Number(currency.exponent)]),
  ...Object.entries(notDecimal),
]);

/** Whether the code is a currency of the table (ISO 4217; metals and test codes are not in it). */
export function isCurrency(code: string): boolean {
  return exponents.has(code);
}

/** Digits after the decimal point: EUR 2, JPY 0, KWD 3. Errors: invalid_input (unknown currency). */
export function exponentOf(code: string): number {
  const exponent = exponents.get(code);
  if (exponent === undefined) throw new Refusal("invalid_input", `"${code}" is not a currency code of ISO 4217`);
  return exponent;
}

/** Every currency code of the table. */
export function currencyCodes(): string[] {
  return [...exponents.keys()];
}
