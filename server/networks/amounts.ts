import { type AmountFormat, isCurrency, type Money, parseAmount } from "@/server/money";
import { type Parameter, textOf } from "./parameters";
import { quote, Unreadable } from "./unreadable";

/** The currency that a request names, else the source's default; undefined when neither says one.
 *  Errors: Unreadable (not a currency of ISO 4217). */
export function currencyOf(parameter: Parameter | undefined, defaultCurrency: string | null): string | undefined {
  const named = textOf(parameter);
  if (parameter === undefined || named === undefined) return defaultCurrency ?? undefined;
  const code = /^[A-Za-z]{3}$/.test(named) ? named.toUpperCase() : named;
  if (!isCurrency(code)) {
    throw new Unreadable(`parameter ${quote(parameter.name)} is ${quote(named)}: not a currency code of ISO 4217`);
  }
  return code;
}

/** The amount a parameter states; undefined when the request does not have the parameter. One that is there but empty
 *  is unreadable and never 0. JSON numbers have a grammar of their own, whatever the source's format.
 *  Errors: Unreadable (no currency known, not an exact amount of it). */
export function amountOf(
  parameter: Parameter | undefined,
  currency: string | undefined,
  format: AmountFormat,
): Money | undefined {
  if (!parameter) return undefined;
  textOf(parameter);
  if (currency === undefined) {
    throw new Unreadable(
      `parameter ${quote(parameter.name)} has no currency: neither the request nor the source says one`,
    );
  }
  const parsed = parseAmount(parameter.text, currency, parameter.isNumber ? "plain" : format);
  if (parsed.kind === "unreadable") throw new Unreadable(`parameter ${quote(parameter.name)}: ${parsed.reason}`);
  return parsed.amount;
}
