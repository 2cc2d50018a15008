import { createHash } from "node:crypto";
import { drawCode } from "@/simulator/draw";
import { createdReply, duplicateReply, errorReply, type Reply, validationReply } from "./answers";
import type { Acceptance, AcceptedItem } from "./books";
import type { Fault } from "./faults";
import { batchLife, deniedLife, itemLife, outcomeOfReceiver } from "./lives";
import {
  type Call,
  insufficientFunds,
  internalError,
  malformed,
  type PayPalRail,
  recordHit,
  replyBefore,
} from "./rail";
import { isBack } from "./report-books";
import { type PayoutItem, type PayoutRequest, validatePayout } from "./validate-payout";

/** `POST /v1/payments/payouts`: every submission that could be read is in the books before it is answered. */
export function submitPayout(rail: PayPalRail, call: Call): Reply {
  const body = parseJson(call.body);
  if (body === undefined) return errorReply(400, "MALFORMED_REQUEST_JSON", "The request body is not well-formed JSON.");
  const key = senderBatchIdOf(body);
  const hash = hashOf(body);
  const refused = (answer: string, reply: Reply): Reply => {
    rail.books.write({ kind: "refused", at: rail.clock.now().toISOString(), senderBatchId: key, body: hash, answer });
    return reply;
  };
  const fault = rail.faults.takeBefore("submit", key ?? hash);
  if (fault) {
    recordHit(rail, fault, "submit");
    return refused(fault.kind, replyBefore(fault));
  }
  const known = rail.requestIds === "replay" && call.requestId ? findRequest(rail, call.requestId) : null;
  if (known && known.accepted.body !== hash)
    return refused("request-id-reused", errorReply(400, "DUPLICATE_REQUEST_ID", "The request ID was used before."));
  if (known) return refused("replayed", createdReply(call.base, known));
  const checked = validatePayout(body);
  if ("details" in checked) return refused("invalid", validationReply(checked.details));
  const { request } = checked;
  const magic = magicReply(request);
  if (magic) return refused("sandbox-trigger", magic);
  const original = key && rail.books.findByKey(key, rail.clock.now());
  if (original) return refused("duplicate", duplicateReply(call.base, original));
  if (!isCovered(rail, request)) return refused("insufficient-funds", insufficientFunds());
  return accept(rail, call, request, hash);
}

function findRequest(rail: PayPalRail, requestId: string) {
  return rail.books.findByRequest(requestId, rail.clock.now());
}

function accept(rail: PayPalRail, call: Call, request: PayoutRequest, hash: string): Reply {
  const payoutBatchId = drawCode(13, rail.seed, "batch", rail.books.batches.size, request.senderBatchId ?? hash);
  const fault = rail.faults.takeAfter(request.senderBatchId ?? hash);
  const isDenied = fault?.kind === "denied";
  const acceptance: Acceptance = {
    payoutBatchId,
    senderBatchId: request.senderBatchId,
    requestId: call.requestId,
    body: hash,
    header: request.header,
    currency: request.items[0]?.currency ?? "",
    life: batchLife(isDenied, rail.delays),
    items: request.items.map((item, index) => acceptItem(rail, item, `${payoutBatchId}/${index}`, isDenied)),
  };
  rail.books.write({ kind: "accepted", at: rail.clock.now().toISOString(), ...acceptance });
  if (fault) recordHit(rail, fault, "submit");
  const batch = rail.books.batches.get(payoutBatchId);
  if (!batch) throw new Error(`books lost ${payoutBatchId} while accepting it`);
  return replyAfter(fault, createdReply(call.base, batch));
}

function acceptItem(rail: PayPalRail, item: PayoutItem, name: string, isDenied: boolean): AcceptedItem {
  const forced = isDenied ? null : rail.faults.takeItem(item.senderItemId ?? name);
  if (forced) recordHit(rail, forced.fault, "payout");
  const outcome = forced?.outcome ?? outcomeOfReceiver(item.receiver) ?? "success";
  return {
    payoutItemId: drawCode(13, rail.seed, "item", name),
    transactionId: drawCode(17, rail.seed, "transaction", name),
    senderItemId: item.senderItemId,
    minor: item.minor.toString(),
    sent: item.sent,
    life: isDenied ? deniedLife(rail.delays) : itemLife(outcome, rail.delays),
  };
}

function replyAfter(fault: Fault | null, created: Reply): Reply {
  switch (fault?.kind) {
    case "timeout-after":
      return { silence: fault.hang ?? "hold" };
    case "500-after":
      return internalError();
    case "malformed":
      return malformed(201, "body" in created ? created.body : null);
    default:
      return created;
  }
}

function isCovered(rail: PayPalRail, request: PayoutRequest): boolean {
  const currency = request.items[0]?.currency ?? "";
  const balance = rail.balances.get(currency);
  if (balance === undefined) return true;
  let taken = request.items.reduce((all, item) => all + item.minor, 0n);
  for (const item of rail.books.items.values())
    if (item.batch.accepted.currency === currency && !isBack(item)) taken += BigInt(item.accepted.minor);
  return taken <= balance;
}

/** The sandbox's documented triggers, written into the first item's note. */
function magicReply(request: PayoutRequest): Reply | null {
  switch (request.items[0]?.sent.note) {
    case "ERRPYO002":
      return errorReply(403, "SENDER_EMAIL_UNCONFIRMED", "The sender's email address is not confirmed.");
    case "ERRPYO005":
      return insufficientFunds();
    case "ERRPYO006":
      return internalError();
    default:
      return null;
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function senderBatchIdOf(body: unknown): string | null {
  const header = (body as { sender_batch_header?: { sender_batch_id?: unknown } } | null)?.sender_batch_header;
  const id = header?.sender_batch_id;
  return typeof id === "string" && id !== "" ? id : null;
}

/** Equal for bodies that mean the same: the order of keys and the white space do not count. */
function hashOf(body: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(body, (_, value) => (isPlain(value) ? sorted(value) : value)))
    .digest("hex")
    .slice(0, 32);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
