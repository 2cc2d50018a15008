import { Refusal } from "@/server/errors";
import { exponentOf, type Money, toDecimal } from "@/server/money";
import type { FrozenSubmission, RailItem } from "./rail";

/** PayPal's hard limit of items in one submission. */
export const ITEMS_MAX = 15_000;

const KEY_LENGTH_MAX = 256;
const ITEM_ID_LENGTH_MAX = 63;
const RECEIVER_LENGTH_MAX = 127;
const NOTE_LENGTH_MAX = 4000;

/** The currencies of PayPal Payouts and their digits after the point, which are not those of ISO 4217: a forint or a
 *  Taiwan dollar with decimals is an error. Real and ringgit are left out: they move inside one country only. */
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...["AUD", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HKD", "ILS", "MXN", "NOK", "NZD", "PHP"].map(digits(2)),
  ...["PLN", "SEK", "SGD", "THB", "USD"].map(digits(2)),
  ...["HUF", "JPY", "TWD"].map(digits(0)),
]);

/** What PayPal's statistics and some countries' law ask of a payment. */
export type PayPalPurpose = "AWARDS" | "CASHBACK" | "REBATES" | "SERVICES";

/** Why PayPal cannot carry this payout, in words; null when it can. Pure. */
export function refusalOfItem(item: { receiver: string; amount: Money }): string | null {
  const { receiver, amount } = item;
  if (!/^[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+$/.test(receiver)) return `"${receiver.slice(0, 60)}" is not an e-mail address`;
  if (receiver.length > RECEIVER_LENGTH_MAX) {
    return `the receiver has ${receiver.length} characters; PayPal takes ${RECEIVER_LENGTH_MAX}`;
  }
  if (!EXPONENTS.has(amount.currency)) return `PayPal does not pay out in ${amount.currency}`;
  if (amount.minor <= 0n) return `${toDecimal(amount)} ${amount.currency} is not more than zero`;
  if (decimalOf(amount) === null) return `${toDecimal(amount)} ${amount.currency}: PayPal takes no decimals of it`;
  return null;
}

/** The exact body of one submission. Same key and items, same bytes; items keep their order. Notes are made ASCII.
 *  Errors: invalid_input (no items or too many, a refused or repeated item, two currencies, a key PayPal would not take). */
export function freezeSubmission(key: string, items: readonly RailItem[], purpose: PayPalPurpose): FrozenSubmission {
  requirePrintable("key", key, KEY_LENGTH_MAX);
  if (items.length === 0 || items.length > ITEMS_MAX) {
    throw new Refusal("invalid_input", `submission ${key} has ${items.length} items; PayPal takes 1 to ${ITEMS_MAX}`);
  }
  const other = items.find((item) => item.amount.currency !== items[0]?.amount.currency);
  if (other) throw new Refusal("invalid_input", `submission ${key} has more than one currency: ${other.payoutId}`);
  if (new Set(items.map((item) => item.payoutId)).size < items.length) {
    throw new Refusal("invalid_input", `submission ${key} names one payout twice`);
  }
  const body = JSON.stringify({
    sender_batch_header: { sender_batch_id: key, email_subject: "You have a payment" },
    items: items.map((item) => freezeItem(item, purpose)),
  });
  return { key, body };
}

function freezeItem(item: RailItem, purpose: PayPalPurpose): object {
  requirePrintable("payout id", item.payoutId, ITEM_ID_LENGTH_MAX);
  const refusal = refusalOfItem(item);
  const value = decimalOf(item.amount);
  if (refusal !== null || value === null) {
    throw new Refusal("invalid_input", `payout ${item.payoutId} cannot go by PayPal: ${refusal}`);
  }
  return {
    recipient_type: "EMAIL",
    amount: { currency: item.amount.currency, value },
    receiver: item.receiver,
    sender_item_id: item.payoutId,
    note: toAscii(item.note),
    purpose,
  };
}

/** The amount as PayPal writes it, or null where its decimals cannot say it exactly. */
function decimalOf(amount: Money): string | null {
  const exponent = EXPONENTS.get(amount.currency);
  if (exponent !== 0) return exponent === undefined ? null : toDecimal(amount);
  const unit = 10n ** BigInt(exponentOf(amount.currency));
  return amount.minor % unit === 0n ? String(amount.minor / unit) : null;
}

/** A note is courtesy: better without its accents than a batch refused for it. */
function toAscii(note: string): string {
  return note
    .slice(0, NOTE_LENGTH_MAX)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/\s/g, " ")
    .replace(/[^ -~]/gu, "?")
    .slice(0, NOTE_LENGTH_MAX);
}

function requirePrintable(what: string, value: string, lengthMax: number): void {
  if (!/^[!-~]+$/.test(value) || value.length > lengthMax) {
    throw new Refusal("invalid_input", `${what} "${value.slice(0, 60)}": 1 to ${lengthMax} printable ASCII characters`);
  }
}

function digits(exponent: number): (code: string) => [string, number] {
  return (code) => [code, exponent];
}
