import { currentDestination, setDestination } from "@/server/affiliates";
import { batchApproved } from "@/server/inngest/events";
import { balancesOf } from "@/server/ledger";
import { affiliateProcedure, operatorProcedure, router } from "@/server/trpc/init";
import { approveBatch } from "./approve-batch";
import { discardBatch } from "./discard-batch";
import { lastBatchOf, listFindings } from "./finding-queries";
import {
  affiliateInput,
  approvedOutput,
  attentionInput,
  batchesInput,
  batchInput,
  destinationInput,
  destinationOutput,
  findingsInput,
  ownDestinationInput,
  ownPayoutsInput,
  payoutInput,
  payoutsOfBatchInput,
  planInput,
  plannedOutput,
  retriedOutput,
  retryInput,
} from "./input";
import { getOwnPayout, getPayout } from "./payout-detail";
import { planBatch } from "./plan-batch";
import { getBatch, listAttention, listBatches, listPayoutsOfAffiliate, listPayoutsOfBatch } from "./queries";
import { railRefuses } from "./rail-refuses";
import { retryPayouts } from "./retry-payouts";

const batchesRouter = router({
  list: operatorProcedure
    .input(batchesInput)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => listBatches(tx, input))),

  get: operatorProcedure
    .input(batchInput)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => getBatch(tx, input.batchId))),

  payouts: operatorProcedure
    .input(payoutsOfBatchInput)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => listPayoutsOfBatch(tx, input))),

  findings: operatorProcedure
    .input(findingsInput)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => listFindings(tx, input))),

  plan: operatorProcedure
    .input(planInput)
    .output(plannedOutput)
    .mutation(({ ctx, input }) => {
      const batch = { ...input, plannedBy: ctx.viewer.userId, railRefuses: railRefuses(ctx.rails) };
      return ctx.inOrganization((tx) => planBatch(tx, batch, ctx.clock()));
    }),

  discard: operatorProcedure
    .input(batchInput)
    .mutation(({ ctx, input }) => ctx.inOrganization((tx) => discardBatch(tx, input, ctx.clock()))),

  approve: operatorProcedure
    .input(batchInput)
    .output(approvedOutput)
    .mutation(async ({ ctx, input: { batchId } }) => {
      const { userId, orgId } = ctx.viewer;
      const approved = await ctx.inOrganization((tx) => approveBatch(tx, { batchId, approvedBy: userId }, ctx.clock()));
      await ctx.send(batchApproved.create({ orgId, batchId }));
      return approved;
    }),

  retry: operatorProcedure
    .input(retryInput)
    .output(retriedOutput)
    .mutation(async ({ ctx, input: { payoutIds } }) => {
      const { name, orgId } = ctx.viewer;
      const outcome = await ctx.inOrganization((tx) => retryPayouts(tx, { payoutIds, by: name }, ctx.clock()));
      for (const batchId of outcome.batchIds) await ctx.send(batchApproved.create({ orgId, batchId }));
      return outcome;
    }),
});

/** Payouts for operators: batches from plan to finish, single payouts, destinations. */
export const payoutsRouter = router({
  batches: batchesRouter,

  attention: operatorProcedure
    .input(attentionInput)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => listAttention(tx, input))),

  get: operatorProcedure
    .input(payoutInput)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => getPayout(tx, input.payoutId))),

  destination: operatorProcedure
    .input(affiliateInput)
    .output(destinationOutput)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => currentDestination(tx, input.affiliateId))),

  setDestination: operatorProcedure
    .input(destinationInput)
    .mutation(({ ctx, input }) =>
      ctx.inOrganization((tx) => setDestination(tx, { ...input, rail: "paypal" }, ctx.clock())),
    ),

  balances: operatorProcedure
    .input(affiliateInput)
    .query(({ ctx, input }) => ctx.inOrganization((tx) => balancesOf(tx, input.affiliateId))),
});

/** Payouts for an affiliate's own users: theirs and nobody else's. */
export const portalPayoutsRouter = router({
  list: affiliateProcedure
    .input(ownPayoutsInput)
    .query(({ ctx, input }) =>
      ctx.inOrganization((tx) => listPayoutsOfAffiliate(tx, { ...input, affiliateId: ctx.viewer.affiliateId })),
    ),

  get: affiliateProcedure
    .input(payoutInput)
    .query(({ ctx, input }) =>
      ctx.inOrganization((tx) => getOwnPayout(tx, { ...input, affiliateId: ctx.viewer.affiliateId })),
    ),

  /** Why was I not in the last batch, or in it with less? */
  lastBatch: affiliateProcedure.query(({ ctx }) => ctx.inOrganization((tx) => lastBatchOf(tx, ctx.viewer.affiliateId))),

  destination: affiliateProcedure
    .output(destinationOutput)
    .query(({ ctx }) => ctx.inOrganization((tx) => currentDestination(tx, ctx.viewer.affiliateId))),

  setDestination: affiliateProcedure.input(ownDestinationInput).mutation(({ ctx, input }) => {
    const destination = { affiliateId: ctx.viewer.affiliateId, rail: "paypal", receiver: input.receiver } as const;
    return ctx.inOrganization((tx) => setDestination(tx, destination, ctx.clock()));
  }),
});
