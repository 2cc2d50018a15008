import { newId } from "@/server/ids";
import { errorLine } from "@/server/log";
import { type RawRequest, verifySignature } from "@/server/networks";
import type { InboxSource } from "./find-source";
import type { Inbox } from "./inbox";
import { RAW_TARGET_HEADER } from "./raw-target";
import { KEPT_BYTES, type ReadBody, readBody } from "./read-body";
import type { NewDelivery } from "./receive-deliveries";
import { understand } from "./understand";

export type PostbackDoor = {
  inbox: Inbox;
  clock: () => Date;
  /** Seconds to wait, or 0 to go on. */
  admit(key: string, perMinute: number): number;
};

/** Answers a network's request: stored raw first, understood enough to say accepted, duplicate or quarantined. Fetch-style and
 *  free of any framework. The answer always waits for the commit; when nothing could be stored it is 503, so that the network
 *  tries again. */
export async function handlePostback(request: Request, token: string, door: PostbackDoor): Promise<Response> {
  try {
    const source = await door.inbox.sourceByToken(token);
    if (!source) return answer(404, { result: "refused", reason: "no source has this postback address" });
    const waitSeconds = door.admit(source.id, source.requestsPerMinute);
    if (waitSeconds > 0) {
      const reason = `more than ${source.requestsPerMinute} requests a minute`;
      return answer(429, { result: "refused", reason }, { "retry-after": String(waitSeconds) });
    }
    const delivery = toDelivery(await readRequest(request, source), source, door.clock());
    const receipt = await door.inbox.receive(delivery);
    return answer(statusOf(delivery), {
      result: receipt.result,
      delivery: receipt.id,
      reason: reasonOf(delivery, receipt),
    });
  } catch (error) {
    // The sender learns nothing of what failed: the words of an outage name the database and its host.
    logNotStored(error);
    return answer(503, { result: "refused", reason: NOT_STORED }, { "retry-after": "5" });
  }
}

const logNotStored = errorLine("a delivery could not be stored");
const NOT_STORED = "the delivery could not be stored; send it again";

type Arrived = { raw: RawRequest; body: ReadBody };

async function readRequest(request: Request, source: InboxSource): Promise<Arrived> {
  const body = await readBody(request);
  const url = new URL(request.url);
  const headers = Object.fromEntries(
    [...request.headers].filter(([name]) => !["cookie", "authorization", RAW_TARGET_HEADER].includes(name)),
  );
  const target = request.headers.get(RAW_TARGET_HEADER) ?? url.pathname + url.search;
  // The token is the address, not content: what is stored, shown and replayed needs only the source.
  return {
    raw: { method: request.method, target: target.replace(/[0-9a-z]{32}/, source.id), headers, body: body.bytes },
    body,
  };
}

function toDelivery({ raw, body }: Arrived, source: InboxSource, now: Date): NewDelivery {
  const base = {
    id: newId("dlv", now),
    orgId: source.orgId,
    sourceId: source.id,
    receivedAt: now,
    ...raw,
    truncatedAt: body.end === "whole" ? null : body.bytes.byteLength,
    externalId: null,
    dedupeKey: null,
    fingerprint: null,
    signatureDigest: null,
  };
  const unsigned = { ...base, signed: "unsigned" as const };
  if (body.end === "too_large") return { ...unsigned, result: "refused", reason: "the body is larger than 256 KiB" };
  if (body.end === "cut")
    return { ...unsigned, result: "quarantined", reason: "the connection ended before the body did" };
  const signature = source.signingSecret === null ? null : verifySignature(raw, source.signingSecret, now);
  if (signature?.kind === "refused") {
    const kept = raw.body.subarray(0, KEPT_BYTES);
    const truncatedAt = kept.byteLength < raw.body.byteLength ? kept.byteLength : null;
    return { ...base, signed: "refused", result: "refused", reason: signature.reason, body: kept, truncatedAt };
  }
  if (signature === null) return { ...unsigned, ...understand(raw, source) };
  return { ...base, signed: "valid", signatureDigest: signature.digest, ...understand(raw, source) };
}

function statusOf(delivery: NewDelivery): number {
  if (delivery.result !== "refused") return 200;
  return delivery.signed === "refused" ? 401 : 413;
}

function reasonOf(delivery: NewDelivery, receipt: { result: string; repeats: string | null }): string | null {
  return receipt.result === "duplicate" ? `repeats delivery ${receipt.repeats}; no effect` : delivery.reason;
}

function answer(status: number, body: object, headers: Record<string, string> = {}): Response {
  const always = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  return Response.json(body, { status, headers: { ...always, ...headers } });
}
