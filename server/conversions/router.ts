import { z } from "zod";
import { operatorProcedure, router } from "@/server/trpc/init";
import { listConversions } from "./queries";

const filter = z.object({
  status: z.enum(["pending", "approved", "declined", "reversed"]).optional(),
  attention: z.enum(["parked", "unpriced"]).optional(),
  affiliateId: z.string().optional(),
  order: z.string().max(200).optional(),
  cursor: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d [\d:.+]+ cnv_\w+$/)
    .optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

export const conversionsRouter = router({
  list: operatorProcedure.input(filter).query(async ({ ctx, input: { cursor, ...rest } }) => {
    const rows = await ctx.inOrganization((tx) => listConversions(tx, { ...rest, after: cursor }));
    return { rows, nextCursor: rows.length === rest.limit ? rows.at(-1)?.cursor : undefined };
  }),
});
