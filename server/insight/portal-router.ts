import { z } from "zod";
import { Refusal } from "@/server/errors";
import { affiliateProcedure, router } from "@/server/trpc/init";
import { listBalanceLines } from "./balance-lines";
import { balanceLinesInput } from "./input";
import { balanceLines, ownEarning, pageOutput, portalBalance } from "./output";
import { pageInput, pageOf } from "./page";
import { portalBalances } from "./portal-queries";
import { listStagedConversions, toOwnEarning } from "./staged-conversions";

/** How conversions are read for an affiliate. */
const own = { reader: "affiliate", newest: "sale" } as const;

/** What the users of one affiliate may ask; the affiliate is always their own. */
export const portalRouter = router({
  balances: affiliateProcedure
    .output(z.array(portalBalance))
    .query(({ ctx }) => ctx.inOrganization((tx) => portalBalances(tx, ctx.actor.affiliateId))),
  /** What one of the own balances is made of. */
  balanceLines: affiliateProcedure
    .input(balanceLinesInput)
    .output(balanceLines)
    .query(({ ctx, input: { cursor, ...rest } }) =>
      ctx.inOrganization((tx) => listBalanceLines(tx, { ...rest, affiliateId: ctx.actor.affiliateId, after: cursor })),
    ),
  earnings: affiliateProcedure
    .input(z.object(pageInput))
    .output(pageOutput(ownEarning))
    .query(async ({ ctx, input: { cursor, limit } }) => {
      const filter = { ...own, affiliateId: ctx.actor.affiliateId, after: cursor, limit };
      const rows = await ctx.inOrganization((tx) => listStagedConversions(tx, filter, ctx.clock()));
      return pageOf(rows.map(toOwnEarning), limit);
    }),
  earning: affiliateProcedure
    .input(z.object({ conversionId: z.string() }))
    .output(ownEarning)
    .query(async ({ ctx, input }) => {
      const filter = { ...own, ...input, affiliateId: ctx.actor.affiliateId, limit: 1 };
      const [earning] = await ctx.inOrganization((tx) => listStagedConversions(tx, filter, ctx.clock()));
      if (!earning) throw new Refusal("not_found", `earning ${input.conversionId} does not exist`);
      return toOwnEarning(earning);
    }),
});
