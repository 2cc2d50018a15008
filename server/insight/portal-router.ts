import { z } from "zod";
import { affiliateProcedure, router } from "@/server/trpc/init";
import { getEarning, listEarnings, portalBalances } from "./portal-queries";

const page = z.object({
  /** `cursor` of the last row shown. */
  cursor: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d [\d:.+]+ com_\w+$/)
    .optional(),
  limit: z.number().int().min(1).max(100).default(30),
});

/** What the users of one affiliate may ask; the affiliate is always their own. */
export const portalRouter = router({
  balances: affiliateProcedure.query(({ ctx }) =>
    ctx.inOrganization((tx) => portalBalances(tx, ctx.viewer.affiliateId)),
  ),
  earnings: affiliateProcedure.input(page).query(async ({ ctx, input: { cursor, limit } }) => {
    const { affiliateId } = ctx.viewer;
    const rows = await ctx.inOrganization((tx) => listEarnings(tx, { affiliateId, after: cursor, limit }, ctx.clock()));
    return { rows, nextCursor: rows.length === limit ? rows.at(-1)?.cursor : undefined };
  }),
  earning: affiliateProcedure.input(z.object({ conversionId: z.string() })).query(({ ctx, input }) => {
    const { affiliateId } = ctx.viewer;
    return ctx.inOrganization((tx) => getEarning(tx, { ...input, affiliateId }, ctx.clock()));
  }),
});
