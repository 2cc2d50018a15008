import { z } from "zod";
import { operatorProcedure, router } from "@/server/trpc/init";
import { traceConversion } from "./trace-conversion";

export const traceRouter = router({
  /** A conversion from raw bytes to paid: history, stage, calculation, ledger entries, payouts. */
  conversion: operatorProcedure
    .input(z.object({ conversionId: z.string() }))
    .query(({ ctx, input }) => ctx.inOrganization((tx) => traceConversion(tx, input.conversionId, ctx.clock()))),
});
