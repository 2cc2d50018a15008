import { formatMinor, paypalExponent } from "@/simulator/amounts";
import type { Batch, Item } from "./books";
import { itemErrors } from "./lives";
import type { Detail } from "./validate-payout";

/** What goes back over the wire. `raw` replaces JSON where an answer is broken on purpose; `silence` is no answer. */
export type Reply =
  | { status: number; body: unknown; headers?: Record<string, string> }
  | { status: number; raw: string }
  | { silence: "hold" | "destroy" };

/** The fee PayPal states on each item, in US dollars whatever the currency of the payout. */
export type Fee = { readonly currency: string; readonly value: string };

type Link = { href: string; rel: string; method: string; encType: string };

const documentation = "https://developer.paypal.com/docs/api/payments.payouts-batch/#errors";

/** An error in PayPal's shape. `debugId` is what its support would ask for. */
export function errorReply(
  status: number,
  name: string,
  message: string,
  more: { details?: (Detail & { link?: Link[] })[]; headers?: Record<string, string> } = {},
): Reply {
  const { details, headers } = more;
  const body = {
    name,
    message,
    debug_id: "5150a1b2c3d4e",
    information_link: documentation,
    ...(details && { details }),
    links: [],
  };
  return { status, body, ...(headers && { headers }) };
}

/** The 400 of a body that breaks documented limits. */
export function validationReply(details: Detail[]): Reply {
  return errorReply(400, "VALIDATION_ERROR", "Invalid request - see details", { details });
}

/** The 400 of a sender_batch_id used before. The way to the original is inside the detail; the outer list stays empty. */
export function duplicateReply(base: string, batch: Batch): Reply {
  const detail: Detail & { link: Link[] } = {
    field: "SENDER_BATCH_ID",
    location: "body",
    issue: "Batch with given sender_batch_id already exists",
    link: [batchLink(base, batch, "self")],
  };
  return errorReply(400, "USER_BUSINESS_ERROR", "User business error.", { details: [detail] });
}

/** The 201 of an accepted batch. */
export function createdReply(base: string, batch: Batch): Reply {
  const { payoutBatchId, header } = batch.accepted;
  return {
    status: 201,
    body: {
      batch_header: { sender_batch_header: header, payout_batch_id: payoutBatchId, batch_status: batch.status },
      links: [batchLink(base, batch, "self")],
    },
  };
}

/** One page of a batch. */
export function batchBody(base: string, batch: Batch, fee: Fee, page: number, pageSize: number, withTotals: boolean) {
  const { currency, header, payoutBatchId } = batch.accepted;
  const exponent = paypalExponent(currency) ?? 2;
  const shown = batch.items.slice((page - 1) * pageSize, page * pageSize);
  const pages = Math.max(1, Math.ceil(batch.items.length / pageSize));
  const total = batch.items.reduce((all, item) => all + BigInt(item.accepted.minor), 0n);
  const at = (number: number, rel: string) => batchLink(base, batch, rel, `?page_size=${pageSize}&page=${number}`);
  return {
    ...(withTotals && { total_items: batch.items.length, total_pages: pages }),
    batch_header: {
      payout_batch_id: payoutBatchId,
      batch_status: batch.status,
      time_created: seconds(batch.acceptedAt),
      ...(batch.completedAt && { time_completed: seconds(batch.completedAt) }),
      sender_batch_header: header,
      funding_source: "BALANCE",
      amount: { currency, value: formatMinor(total, exponent) },
      fees: { currency: fee.currency, value: feeOfAll(batch, fee) },
    },
    items: shown.map((item) => itemBody(base, item, fee)),
    links: [
      at(page, "self"),
      ...(page < pages ? [at(page + 1, "next"), at(pages, "last")] : []),
      ...(page > 1 ? [at(page - 1, "prev")] : []),
    ],
  };
}

/** One item, as in a page of its batch and alone. */
export function itemBody(base: string, item: Item, fee: Fee) {
  const { payoutItemId, transactionId, sent } = item.accepted;
  const isProcessed = item.status !== "PENDING";
  return {
    payout_item_id: payoutItemId,
    ...(isProcessed && { transaction_id: transactionId }),
    transaction_status: item.status,
    payout_item_fee: { currency: fee.currency, value: isFeeTaken(item) ? fee.value : "0.00" },
    payout_batch_id: item.batch.accepted.payoutBatchId,
    payout_item: { recipient_type: "EMAIL", recipient_wallet: "PAYPAL", ...sent },
    ...(item.processedAt && { time_processed: seconds(item.processedAt) }),
    ...(item.error && {
      errors: {
        name: item.error,
        message: itemErrors[item.error],
        information_link: documentation,
        details: [],
        links: [],
      },
    }),
    links: [
      {
        href: `${base}/v1/payments/payouts-item/${payoutItemId}`,
        rel: "item",
        method: "GET",
        encType: "application/json",
      },
    ],
  };
}

function batchLink(base: string, batch: Batch, rel: string, query = ""): Link {
  const href = `${base}/v1/payments/payouts/${batch.accepted.payoutBatchId}${query}`;
  return { href, rel, method: "GET", encType: "application/json" };
}

function isFeeTaken(item: Item): boolean {
  return !["PENDING", "FAILED", "BLOCKED"].includes(item.status);
}

function feeOfAll(batch: Batch, fee: Fee): string {
  const cents = BigInt(fee.value.replace(".", ""));
  return formatMinor(cents * BigInt(batch.items.filter(isFeeTaken).length), 2);
}

/** PayPal writes times without fractions of a second. */
function seconds(iso: string): string {
  return iso.replace(/\.\d+Z$/, "Z");
}
