import { z } from "zod";
import { Refusal } from "@/server/errors";
import { affiliateProcedure, router } from "@/server/trpc/init";
import { listBalanceLines } from "./balance-lines";
import { balanceLinesInput } from "./input";
import { pageInput, pageOf } from "./page";
import { portalBalances } from "./portal-queries";
import { listStagedConversions } from "./staged-conversions";

/** What the users of one affiliate may ask; the affiliate is always their own. */
export const portalRouter = router({
  balances: affiliateProcedure.query(({ ctx }) =>
    ctx.inOrganization((tx) => portalBalances(tx, ctx.viewer.affiliateId)),
  ),
  /** What one of the own balances is made of. */
  balanceLines: affiliateProcedure
    .input(balanceLinesInput)
    .query(({ ctx, input: { cursor, ...rest } }) =>
      ctx.inOrganization((tx) => listBalanceLines(tx, { ...rest, affiliateId: ctx.viewer.affiliateId, after: cursor })),
    ),
  earnings: affiliateProcedure.input(z.object(pageInput)).query(async ({ ctx, input: { cursor, limit } }) => {
    const filter = { affiliateId: ctx.viewer.affiliateId, newest: "sale" as const, after: cursor, limit };
    return pageOf(await ctx.inOrganization((tx) => listStagedConversions(tx, filter, ctx.clock())), limit);
  }),
  earning: affiliateProcedure.input(z.object({ conversionId: z.string() })).query(async ({ ctx, input }) => {
    const filter = { affiliateId: ctx.viewer.affiliateId, ...input, newest: "sale" as const, limit: 1 };
    const [earning] = await ctx.inOrganization((tx) => listStagedConversions(tx, filter, ctx.clock()));
    if (!earning) throw new Refusal("not_found", `earning ${input.conversionId} does not exist`);
    return earning;
  }),
});
