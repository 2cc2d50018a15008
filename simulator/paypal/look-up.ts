import { batchBody, errorReply, itemBody, type Reply, validationReply } from "./answers";
import type { Batch, Item } from "./books";
import type { Fault } from "./faults";
import { type Call, malformed, type PayPalRail, recordHit, replyBefore } from "./rail";

const pageSizeMax = 1000;
/** A word that no document lists. */
const unlistedStatus = "UNDER_REVIEW";

/** `GET /v1/payments/payouts/{id}`: one page of a batch. */
export function lookUpBatch(rail: PayPalRail, call: Call, id: string): Reply {
  const page = whole(call.query.get("page"), 1);
  const pageSize = whole(call.query.get("page_size"), pageSizeMax);
  const name = `${id} page ${page}`;
  const before = rail.faults.takeBefore("lookup", name);
  if (before) return struck(rail, before, "lookup");
  if (id === "ERRPYO015") return errorReply(403, "CLOSED_MARKET", "The market is closed.");
  const batch = rail.books.batches.get(id);
  if (!batch) return notFound();
  if (page < 1) return outOfRange("page", "Must be 1 or more");
  if (pageSize < 1 || pageSize > pageSizeMax) return outOfRange("page_size", `Must be between 1 and ${pageSizeMax}`);
  const body = batchBody(call.base, batch, rail.fee, page, pageSize, call.query.get("total_required") === "true");
  const fault = rail.faults.takeReading("lookup", name, page > 1);
  if (!fault) return { status: 200, body };
  recordHit(rail, fault, "lookup");
  return spoiltPage(fault, body);
}

/** `GET /v1/payments/payouts-item/{id}`. */
export function lookUpItem(rail: PayPalRail, call: Call, id: string): Reply {
  const before = rail.faults.takeBefore("item", id);
  if (before) return struck(rail, before, "item");
  const item = rail.books.items.get(id);
  if (!item) return notFound();
  const body = wholeItem(rail, call, item);
  const fault = rail.faults.takeReading("item", id, false);
  if (!fault) return { status: 200, body };
  recordHit(rail, fault, "item");
  if (fault.kind === "malformed") return malformed(200, body);
  return { status: 200, body: { ...body, transaction_status: unlistedStatus } };
}

/** `POST /v1/payments/payouts-item/{id}/cancel`: takes back what nobody has claimed. */
export function cancelItem(rail: PayPalRail, call: Call, id: string): Reply {
  const before = rail.faults.takeBefore("cancel", id);
  if (before) return struck(rail, before, "cancel");
  const item = rail.books.items.get(id);
  if (!item) return notFound();
  if (item.status === "RETURNED")
    return errorReply(400, "ITEM_ALREADY_CANCELLED", "The payout item was already cancelled.");
  if (item.status !== "UNCLAIMED")
    return errorReply(400, "ITEM_INCORRECT_STATUS", "Only an unclaimed payout item can be cancelled.");
  rail.books.write({
    kind: "moved",
    payoutBatchId: item.batch.accepted.payoutBatchId,
    batch: null,
    items: [[id, "RETURNED", rail.clock.now().toISOString(), null, item.accepted.life.length]],
  });
  return { status: 200, body: wholeItem(rail, call, item) };
}

function wholeItem(rail: PayPalRail, call: Call, item: Item) {
  const batch: Batch = item.batch;
  return { ...itemBody(call.base, item, rail.fee), sender_batch_id: batch.accepted.senderBatchId };
}

function struck(rail: PayPalRail, fault: Fault, on: string): Reply {
  recordHit(rail, fault, on);
  return replyBefore(fault);
}

function spoiltPage(fault: Fault, body: ReturnType<typeof batchBody>): Reply {
  const { items } = body;
  switch (fault.kind) {
    case "malformed":
      return malformed(200, body);
    case "missing-page":
      return { status: 200, body: { ...body, items: [] } };
    case "partial-page":
      return { status: 200, body: { ...body, items: items.slice(0, Math.floor(items.length / 2)) } };
    default: {
      const [first, ...rest] = items;
      return {
        status: 200,
        body: { ...body, items: first ? [{ ...first, transaction_status: unlistedStatus }, ...rest] : [] },
      };
    }
  }
}

function notFound(): Reply {
  return errorReply(404, "INVALID_RESOURCE_ID", "Requested resource ID was not found.");
}

function outOfRange(field: string, issue: string): Reply {
  return validationReply([{ field, location: "query", issue }]);
}

/** A whole number of the query; 0 for anything else, which no parameter allows. */
function whole(value: string | null, fallback: number): number {
  if (value === null) return fallback;
  return /^\d{1,6}$/.test(value) ? Number(value) : 0;
}
