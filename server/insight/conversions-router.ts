import { z } from "zod";
import { operatorProcedure, router } from "@/server/trpc/init";
import { pageOutput, stagedConversion } from "./output";
import { pageInput, pageOf } from "./page";
import { listStagedConversions } from "./staged-conversions";
import { traceConversion } from "./trace-conversion";

const filter = z.object({
  status: z.enum(["pending", "approved", "declined", "reversed"]).optional(),
  attention: z.enum(["parked", "unpriced"]).optional(),
  affiliateId: z.string().optional(),
  order: z.string().max(200).optional(),
  ...pageInput,
});

export const conversionsRouter = router({
  list: operatorProcedure
    .input(filter)
    .output(pageOutput(stagedConversion))
    .query(async ({ ctx, input: { cursor, ...rest } }) => {
      const wanted = { ...rest, reader: "operator" as const, newest: "change" as const, after: cursor };
      return pageOf(await ctx.inOrganization((tx) => listStagedConversions(tx, wanted, ctx.clock())), rest.limit);
    }),
  /** A conversion from raw bytes to paid: history, stage, calculation, ledger entries, payouts. */
  trace: operatorProcedure
    .input(z.object({ conversionId: z.string() }))
    .query(({ ctx, input }) => ctx.inOrganization((tx) => traceConversion(tx, input.conversionId, ctx.clock()))),
});
