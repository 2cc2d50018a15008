import { z } from "zod";
import { currentDestination, setDestination } from "@/server/affiliates";
import { batchApproved } from "@/server/inngest/events";
import { affiliateProcedure, operatorProcedure, operatorWhoMay, router } from "@/server/trpc/init";
import { approveBatch } from "./approve-batch";
import { discardBatch } from "./discard-batch";
import { lastBatchOf, listFindings } from "./finding-queries";
import {
  attentionInput,
  batchesInput,
  batchInput,
  findingsInput,
  ownDestinationInput,
  ownPayoutsInput,
  payoutInput,
  payoutsOfBatchInput,
  planInput,
  RETRIES_MAX,
  retryInput,
} from "./input";
import {
  approvedOutput,
  batchDetail,
  batchSummary,
  destinationOutput,
  findingRow,
  lastBatch,
  ownPayout,
  ownPayoutDetail,
  payoutDetail,
  payoutSummary,
  plannedOutput,
  retriedOutput,
  retryable,
} from "./output";
import { getOwnPayout, getPayout } from "./payout-detail";
import { planBatch } from "./plan-batch";
import {
  affiliateNamesOf,
  getBatch,
  listAttention,
  listBatches,
  listPayoutsOfAffiliate,
  listPayoutsOfBatch,
  retryableOf,
} from "./queries";
import { railRefuses } from "./rail-refuses";
import { retryPayouts } from "./retry-payouts";

const batchesRouter = router({
  list: operatorProcedure
    .input(batchesInput)
    .output(z.array(batchSummary))
    .query(({ ctx, input }) => ctx.inOrganization((tx) => listBatches(tx, input))),

  get: operatorProcedure
    .input(batchInput)
    .output(batchDetail)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => getBatch(tx, input.batchId))),

  payouts: operatorProcedure
    .input(payoutsOfBatchInput)
    .output(z.array(payoutSummary))
    .query(({ ctx, input }) => ctx.inOrganization((tx) => listPayoutsOfBatch(tx, input))),

  findings: operatorProcedure
    .input(findingsInput)
    .output(z.array(findingRow))
    .query(({ ctx, input }) => ctx.inOrganization((tx) => listFindings(tx, input))),

  plan: operatorWhoMay("build_batches")
    .input(planInput)
    .output(plannedOutput)
    .mutation(({ ctx, input }) => {
      const now = ctx.clock();
      const cutOff = input.cutOff ?? now;
      const batch = { ...input, cutOff, plannedBy: ctx.actor.userId, railRefuses: railRefuses(ctx.rails) };
      return ctx.inOrganization((tx) => planBatch(tx, batch, now));
    }),

  discard: operatorWhoMay("build_batches")
    .input(batchInput)
    .mutation(({ ctx, input }) => ctx.inOrganization((tx) => discardBatch(tx, input, ctx.clock()))),

  approve: operatorWhoMay("approve_batches")
    .input(batchInput)
    .output(approvedOutput)
    .mutation(async ({ ctx, input: { batchId } }) => {
      const { userId, orgId } = ctx.actor;
      const approved = await ctx.inOrganization((tx) => approveBatch(tx, { batchId, approvedBy: userId }, ctx.clock()));
      await ctx.send(batchApproved.create({ orgId, batchId }));
      return approved;
    }),

  /** What of a batch can be tried again: the question before `retry`. */
  retryable: operatorProcedure
    .input(batchInput)
    .output(retryable)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => retryableOf(tx, { ...input, limit: RETRIES_MAX }))),

  /** Tries payouts again as far as they can be; of the others it says why not. Errors: those of retryPayouts. */
  retry: operatorWhoMay("retry_payouts")
    .input(retryInput)
    .output(retriedOutput)
    .mutation(async ({ ctx, input: { payoutIds } }) => {
      const { name, orgId } = ctx.actor;
      const { retried, refused, batchIds, names } = await ctx.inOrganization(async (tx) => {
        const outcome = await retryPayouts(tx, { payoutIds, by: name }, ctx.clock());
        return {
          ...outcome,
          names: await affiliateNamesOf(
            tx,
            outcome.refused.map(({ payoutId }) => payoutId),
          ),
        };
      });
      for (const batchId of batchIds) await ctx.send(batchApproved.create({ orgId, batchId }));
      return {
        retried,
        refused: refused.map((one) => ({ ...one, affiliateName: names.get(one.payoutId) ?? "" })),
      };
    }),
});

/** Payouts for operators: batches from plan to finish, single payouts. */
export const payoutsRouter = router({
  batches: batchesRouter,

  attention: operatorProcedure
    .input(attentionInput)
    .output(z.array(payoutSummary))
    .query(({ ctx, input }) => ctx.inOrganization((tx) => listAttention(tx, input))),

  get: operatorProcedure
    .input(payoutInput)
    .output(payoutDetail)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => getPayout(tx, input.payoutId))),
});

/** Payouts for an affiliate's own users: theirs and nobody else's. */
export const portalPayoutsRouter = router({
  list: affiliateProcedure
    .input(ownPayoutsInput)
    .output(z.array(ownPayout))
    .query(({ ctx, input }) =>
      ctx.inOrganization((tx) => listPayoutsOfAffiliate(tx, { ...input, affiliateId: ctx.actor.affiliateId })),
    ),

  get: affiliateProcedure
    .input(payoutInput)
    .output(ownPayoutDetail)
    .query(({ ctx, input }) =>
      ctx.inOrganization((tx) => getOwnPayout(tx, { ...input, affiliateId: ctx.actor.affiliateId })),
    ),

  /** Why was I not in the last batch, or in it with less? */
  lastBatch: affiliateProcedure
    .output(lastBatch)
    .query(({ ctx }) => ctx.inOrganization((tx) => lastBatchOf(tx, ctx.actor.affiliateId))),

  destination: affiliateProcedure
    .output(destinationOutput)
    .query(({ ctx }) => ctx.inOrganization((tx) => currentDestination(tx, ctx.actor.affiliateId))),

  setDestination: affiliateProcedure
    .input(ownDestinationInput)
    .output(z.string())
    .mutation(({ ctx, input }) => {
      const destination = { affiliateId: ctx.actor.affiliateId, rail: "paypal", receiver: input.receiver } as const;
      return ctx.inOrganization((tx) => setDestination(tx, destination, ctx.clock()));
    }),
});
