import { exponentOf, isCurrency } from "./currencies";
import type { Money } from "./money";

/** How a source writes amounts. `plain` is the default grammar; the others must be chosen by the operator. */
export type AmountFormat = "plain" | "en" | "de";

export type ParsedAmount = { kind: "amount"; amount: Money } | { kind: "unreadable"; reason: string };

/** A group never begins with a zero: "0,123" is a decimal fraction of the other format, a thousand times smaller. */
const GROUPED = { en: /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/, de: /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/ } as const;

/** The largest amount of a `bigint` column. Fifteen digits before the point and four after it would not fit. */
const MINOR_MAX = 9_223_372_036_854_775_807n;

/** Reads an amount exactly as written: ASCII digits, at most one decimal point, never more digits than the currency has.
 *  `null` stands for a missing value and is unreadable, never 0. Nothing is guessed: "1,234" is ambiguous until the
 *  source's format says which it is. No float is involved. */
export function parseAmount(text: string | null, currency: string, format: AmountFormat = "plain"): ParsedAmount {
  if (!isCurrency(currency)) return unreadable(`unknown currency ${shorten(currency)}`);
  if (text === null || text.trim() === "" || text === "null") return unreadable("the amount is empty");
  const plain = toPlain(text, format);
  if (plain === undefined) return unreadable(describe(text, format));
  const exponent = exponentOf(currency);
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(plain);
  if (!match) return unreadable(`${shorten(text)} has more than 15 digits before the point`);
  const fraction = match[2] ?? "";
  if (fraction.length > exponent) {
    return unreadable(`${shorten(text)} has ${fraction.length} digits after the point; ${currency} has ${exponent}`);
  }
  const minor = BigInt((match[1] ?? "") + fraction.padEnd(exponent, "0"));
  if (minor > MINOR_MAX) return unreadable(`${shorten(text)} ${currency} is too large to keep`);
  return { kind: "amount", amount: { minor, currency } };
}

function toPlain(text: string, format: AmountFormat): string | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text) && format !== "de") return text;
  if (format === "plain") return undefined;
  if (format === "de" && /^\d+(?:,\d+)?$/.test(text)) return text.replace(",", ".");
  if (!GROUPED[format].test(text)) return undefined;
  return format === "en" ? text.replaceAll(",", "") : text.replaceAll(".", "").replace(",", ".");
}

function describe(text: string, format: AmountFormat): string {
  const shown = shorten(text);
  if (/^-/.test(text)) return `${shown} is negative: a reversal is a status, not a negative amount`;
  if (!/^[\d.,]+$/.test(text)) return `${shown} is not a plain decimal number`;
  if (format !== "plain") return `${shown} is not an amount in the source's format "${format}"`;
  if (/^\d{1,3}([.,]\d{3})+$/.test(text)) return `${shown} is ambiguous: set the source's amount format to en or de`;
  if (text.includes(",")) return `${shown} uses a comma: set the source's amount format to en or de`;
  return `${shown} is not a plain decimal number`;
}

/** A hostile amount may be as long as a request. */
function shorten(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function unreadable(reason: string): ParsedAmount {
  return { kind: "unreadable", reason };
}
