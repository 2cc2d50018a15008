import { parseDecimal, paypalExponent } from "@/simulator/amounts";

/** One item as the sender wrote it, with its amount read. */
export type PayoutItem = {
  readonly senderItemId: string | null;
  readonly receiver: string;
  readonly currency: string;
  /** The sender's decimal string, as sent. */
  readonly value: string;
  readonly minor: bigint;
  readonly sent: Readonly<Record<string, unknown>>;
};

/** A submission that breaks none of the documented limits. */
export type PayoutRequest = {
  readonly header: Readonly<Record<string, unknown>>;
  readonly senderBatchId: string | null;
  readonly items: readonly PayoutItem[];
};

/** PayPal's way of pointing at what is wrong. */
export type Detail = { readonly field: string; readonly location: "body" | "query"; readonly issue: string };

const itemsMax = 15_000;
const recipientTypes = ["EMAIL", "PHONE", "PAYPAL_ID", "USER_HANDLE"];
const wallets = ["PAYPAL", "VENMO", "RECIPIENT_SELECTED"];
/** PayPal lists at most this many faults of one body; a wrong template would otherwise be reported 15,000 times. */
const detailsMax = 50;

/** Checks a body against the limits PayPal documents; a body is taken or refused as a whole. */
export function validatePayout(body: unknown): { request: PayoutRequest } | { details: Detail[] } {
  const details: Detail[] = [];
  const report = (field: string, issue: string) => {
    if (details.length < detailsMax) details.push({ field, location: "body", issue });
  };
  const root = isRecord(body) ? body : {};
  const header = root.sender_batch_header;
  if (!isRecord(header)) report("sender_batch_header", "Required field is missing");
  else checkHeader(header, report);
  const rows = Array.isArray(root.items) ? root.items : [];
  if (rows.length === 0) report("items", "Required field is missing or empty");
  if (rows.length > itemsMax) report("items", `The number of items exceeds ${itemsMax}`);
  const typeOfAll = isRecord(header) ? header.recipient_type : undefined;
  const items = rows.slice(0, itemsMax).map((row, index) => readItem(row, `items[${index}]`, typeOfAll, report));
  const currencies = new Set(items.map((item) => item.currency).filter(Boolean));
  if (currencies.size > 1) report("items", "All items of a payout must have the same currency");
  if (details.length > 0 || !isRecord(header)) return { details };
  const senderBatchId = typeof header.sender_batch_id === "string" ? header.sender_batch_id : null;
  return { request: { header, senderBatchId: senderBatchId || null, items } };
}

type Report = (field: string, issue: string) => void;

function checkHeader(header: Record<string, unknown>, report: Report): void {
  text(header, "sender_batch_id", 256, "sender_batch_header", report);
  text(header, "email_subject", 255, "sender_batch_header", report);
  text(header, "email_message", 1000, "sender_batch_header", report);
  text(header, "note", 1000, "sender_batch_header", report);
  oneOf(header, "recipient_type", recipientTypes, "sender_batch_header", report);
}

function readItem(row: unknown, path: string, typeOfAll: unknown, report: Report): PayoutItem {
  const sent = isRecord(row) ? row : {};
  const senderItemId = text(sent, "sender_item_id", 63, path, report);
  const note = text(sent, "note", 4000, path, report);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the documented limit is exactly the ASCII range
  if (note && !/^[\x00-\x7f]*$/.test(note)) report(`${path}.note`, "Must contain ASCII characters only");
  oneOf(sent, "recipient_type", recipientTypes, path, report);
  oneOf(sent, "recipient_wallet", wallets, path, report);
  const receiver = text(sent, "receiver", 127, path, report);
  if (!receiver) report(`${path}.receiver`, "Required field is missing");
  else if (!fitsType(receiver, sent.recipient_type ?? typeOfAll ?? "EMAIL"))
    report(`${path}.receiver`, "Receiver is invalid or does not match with type");
  return { senderItemId, receiver: receiver ?? "", sent, ...readAmount(sent.amount, `${path}.amount`, report) };
}

function readAmount(amount: unknown, path: string, report: Report): Pick<PayoutItem, "currency" | "value" | "minor"> {
  const nothing = { currency: "", value: "0", minor: 0n };
  if (!isRecord(amount)) {
    report(path, "Required field is missing");
    return nothing;
  }
  const { currency, value } = amount;
  if (typeof value !== "string") report(`${path}.value`, "Must be a string");
  const exponent = typeof currency === "string" ? paypalExponent(currency) : null;
  if (typeof currency !== "string" || exponent === null) {
    report(`${path}.currency`, "Currency is invalid or not supported");
    return nothing;
  }
  if (typeof value !== "string") return { ...nothing, currency };
  const minor = parseDecimal(value, exponent);
  if (minor === null)
    report(
      `${path}.value`,
      exponent === 0 ? `${currency} does not support decimals` : "Must be a number with at most two decimals",
    );
  else if (minor === 0n) report(`${path}.value`, "Must be greater than zero");
  return { currency, value, minor: minor ?? 0n };
}

function fitsType(receiver: string, type: unknown): boolean {
  if (type === "PHONE") return /^\+?[0-9][0-9 -]{5,18}$/.test(receiver);
  if (type === "PAYPAL_ID") return /^[A-Z0-9]{13}$/.test(receiver);
  if (type === "USER_HANDLE") return !receiver.includes(" ");
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(receiver);
}

function text(from: Record<string, unknown>, key: string, max: number, path: string, report: Report): string | null {
  const value = from[key];
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") {
    report(`${path}.${key}`, "Must be a string");
    return null;
  }
  if (value.length > max) report(`${path}.${key}`, `Length exceeds ${max} characters`);
  return value;
}

function oneOf(from: Record<string, unknown>, key: string, allowed: string[], path: string, report: Report): void {
  const value = from[key];
  if (value !== undefined && !allowed.includes(String(value)))
    report(`${path}.${key}`, `Must be one of ${allowed.join(", ")}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
