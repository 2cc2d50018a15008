import { z } from "zod";
import { isCurrency } from "@/server/money";

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-z]+$`), `an id that begins with ${prefix}_`);

/** The most rows of one page. */
const limit = z.int().min(1).max(200).default(50);

const state = z.enum([
  "planned",
  "queued",
  "submitting",
  "submitted",
  "paid",
  "failed",
  "unclaimed",
  "returned",
  "reversed",
  "unknown",
  "canceled",
]);

export const batchInput = z.object({ batchId: id("bat") });
export const payoutInput = z.object({ payoutId: id("pay") });
export const affiliateInput = z.object({ affiliateId: id("aff") });
export const batchesInput = z.object({ cursor: id("bat").nullish(), limit }).transform(toAfterId);

export const attentionInput = z.object({ kind: z.enum(["unknown", "failed"]) });

export const planInput = z.object({
  programId: id("prg"),
  currency: z.string().refine(isCurrency, "a currency code of ISO 4217"),
  cutOff: z.date(),
});

/** One click retries what one page can show selected, or everything that failed in a batch of the default chunk size. */
export const retryInput = z.object({ payoutIds: z.array(id("pay")).min(1).max(500) });

export const payoutsOfBatchInput = z
  .object({ batchId: id("bat"), states: z.array(state).nullable().default(null), cursor: id("pay").nullish(), limit })
  .transform(toAfterId);

export const findingsInput = z
  .object({
    batchId: id("bat"),
    onlyBlocking: z.boolean().default(true),
    cursor: z.object({ affiliateId: id("aff"), validator: z.string() }).nullish(),
    limit,
  })
  .transform(({ cursor, ...rest }) => ({ ...rest, after: cursor ?? null }));

export const ownPayoutsInput = z.object({ cursor: id("pay").nullish(), limit }).transform(toAfterId);

const receiver = z.string().trim().min(3).max(127);
export const ownDestinationInput = z.object({ receiver });
export const destinationInput = z.object({ affiliateId: id("aff"), receiver });

const money = z.object({ minor: z.bigint(), currency: z.string() });

export const plannedOutput = z.object({ batchId: z.string(), payouts: z.int(), leftOut: z.int(), total: money });
export const approvedOutput = z.object({ payouts: z.int(), droppedOut: z.int(), total: money });
export const retriedOutput = z.object({
  retried: z.array(z.object({ payoutId: z.string(), retryId: z.string() })),
  refused: z.array(z.object({ payoutId: z.string(), reason: z.string() })),
});
export const destinationOutput = z
  .object({ id: z.string(), rail: z.string(), receiver: z.string(), since: z.date() })
  .nullable();

/** Lists are read page by page: the browser's word for where a page begins is "cursor", the last row shown. */
function toAfterId<Input extends { cursor?: string | null }>({ cursor, ...rest }: Input) {
  return { ...rest, afterId: cursor ?? null };
}
