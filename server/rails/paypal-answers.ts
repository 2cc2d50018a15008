import { z } from "zod";
import { parseAmount } from "@/server/money";
import type { ItemReport, RailStatus } from "./rail";

/** The answer to a request for a token. */
export const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.number().min(0) });

/** The answer to an accepted submission. */
export const createdAnswer = z.object({ batch_header: z.object({ payout_batch_id: z.string().min(1) }) });

const links = z.array(z.object({ href: z.string(), rel: z.string().optional() }));

const errorDetail = z.object({
  field: z.string().optional(),
  issue: z.string().optional(),
  // Seen live: the link to the original batch stands under "link", in the detail.
  link: links.optional(),
  links: links.optional(),
});

/** An error of the payouts API, or of the token check in front of it (`error`). */
export const errorAnswer = z.union([
  z.object({
    name: z.string().min(1),
    message: z.string().default(""),
    details: z
      .array(errorDetail)
      .nullish()
      .transform((details) => details ?? []),
    links: links.nullish().transform((all) => all ?? []),
  }),
  z
    .object({ error: z.string().min(1), error_description: z.string().default("") })
    .transform(({ error, error_description }) => ({
      name: error,
      message: error_description,
      details: [] as z.infer<typeof errorDetail>[],
      links: [] as z.infer<typeof links>,
    })),
]);

const item = z.object({
  payout_item_id: z.string().optional(),
  transaction_status: z.string().min(1),
  payout_item_fee: z.object({ currency: z.string(), value: z.string() }).optional(),
  payout_item: z.object({ sender_item_id: z.string().min(1) }),
  time_processed: z.iso.datetime({ offset: true }).optional(),
  errors: z.object({ name: z.string().optional(), message: z.string().optional() }).optional(),
});

/** One page of a batch. */
export const batchPage = z.object({
  total_items: z.int().min(0).optional(),
  total_pages: z.int().min(0).optional(),
  batch_header: z.object({ payout_batch_id: z.string().min(1), batch_status: z.string().min(1) }),
  items: z.array(item).default([]),
});

export type ErrorAnswer = z.infer<typeof errorAnswer>;
export type BatchPage = z.infer<typeof batchPage>;

const STATUSES: ReadonlyMap<string, RailStatus> = new Map([
  ["PENDING", "submitted"],
  ["ONHOLD", "submitted"],
  ["SUCCESS", "paid"],
  ["FAILED", "failed"],
  ["BLOCKED", "failed"],
  ["UNCLAIMED", "unclaimed"],
  ["RETURNED", "returned"],
  ["REFUNDED", "returned"],
  ["REVERSED", "returned"],
]);

/** One item of a page in our words. A status that no document lists is `unknown`, its word kept; so is an item whose
 *  fee cannot be read, because money is not guessed. What is still PENDING in a refused batch will never be processed. */
export function itemReportOf(answer: BatchPage["items"][number], batch: { isRefused: boolean }): ItemReport {
  const rawStatus = answer.transaction_status;
  const isRefused = batch.isRefused && rawStatus === "PENDING";
  const report: ItemReport = {
    payoutId: answer.payout_item.sender_item_id,
    providerItemId: answer.payout_item_id ?? null,
    status: isRefused ? "failed" : (STATUSES.get(rawStatus) ?? "unknown"),
    rawStatus,
    fee: null,
    errorCode: answer.errors?.name ?? (isRefused ? "BATCH_REFUSED" : null),
    errorMessage: answer.errors?.message ?? (isRefused ? "PayPal refused the whole batch" : null),
    occurredAt: answer.time_processed === undefined ? null : new Date(answer.time_processed),
  };
  if (!answer.payout_item_fee) return report;
  const { currency, value } = answer.payout_item_fee;
  // Zeros after the point of a currency without decimals say the same.
  const fee = parseAmount(value.replace(/\.0+$/, ""), currency);
  if (fee.kind === "amount") return { ...report, fee: fee.amount };
  return { ...report, status: "unknown", errorCode: "FEE_UNREADABLE", errorMessage: `the fee: ${fee.reason}` };
}

/** The id of the original batch that a refused repeat points to; undefined where it points to none. */
export function originalBatchId(error: ErrorAnswer): string | undefined {
  const all = [...error.details.flatMap((detail) => [...(detail.link ?? []), ...(detail.links ?? [])]), ...error.links];
  for (const { href } of all) {
    const id = /\/v1\/payments\/payouts\/([A-Za-z0-9_-]+)(?:[?#]|$)/.exec(href)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}
