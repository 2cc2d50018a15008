import { z } from "zod";
import { isCurrency } from "@/server/money";
import { stateInBatch } from "./output";

const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-z]+$`), `an id that begins with ${prefix}_`);

/** The most rows of one page. */
const limit = z.int().min(1).max(200).default(50);

export const batchInput = z.object({ batchId: id("bat") });
export const payoutInput = z.object({ payoutId: id("pay") });
export const batchesInput = z.object({ cursor: id("bat").nullish(), limit }).transform(toAfterId);

export const attentionInput = z
  .object({ kind: z.enum(["unknown", "failed"]), cursor: id("pay").nullish(), limit })
  .transform(toAfterId);

export const planInput = z.object({
  programId: id("prg"),
  currency: z.string().refine(isCurrency, "a currency code of ISO 4217"),
  /** What came due before it is paid; now by the server's clock when left out. */
  cutOff: z.date().nullish(),
});

/** One click retries at most this many; what is left can be retried by the next. */
export const RETRIES_MAX = 500;
export const retryInput = z.object({ payoutIds: z.array(id("pay")).min(1).max(RETRIES_MAX) });

export const payoutsOfBatchInput = z
  .object({
    batchId: id("bat"),
    states: z.array(stateInBatch).nullable().default(null),
    cursor: id("pay").nullish(),
    limit,
  })
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

export const ownDestinationInput = z.object({ receiver: z.string().trim().min(3).max(127) });

/** Lists are read page by page: the browser's word for where a page begins is "cursor", the last row shown. */
function toAfterId<Input extends { cursor?: string | null }>({ cursor, ...rest }: Input) {
  return { ...rest, afterId: cursor ?? null };
}
