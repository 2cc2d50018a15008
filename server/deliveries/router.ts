import { z } from "zod";
import { deliveriesReceived } from "@/server/inngest/events";
import { operatorProcedure, operatorWhoMay, router } from "@/server/trpc/init";
import { getDelivery, listDeliveries } from "./queries";
import { replayDelivery } from "./replay-delivery";

const filter = z.object({
  result: z.enum(["accepted", "duplicate", "quarantined", "refused"]).optional(),
  sourceId: z.string().optional(),
  order: z.string().max(200).optional(),
  /** The `seq` of the last row shown. */
  cursor: z.string().regex(/^\d+$/).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});

export const deliveriesRouter = router({
  list: operatorProcedure.input(filter).query(async ({ ctx, input: { cursor, ...rest } }) => {
    const rows = await ctx.inOrganization((tx) => listDeliveries(tx, { ...rest, before: cursor }));
    return { rows, nextCursor: rows.length === rest.limit ? rows.at(-1)?.seq : undefined };
  }),
  get: operatorProcedure
    .input(z.object({ deliveryId: z.string() }))
    .query(({ ctx, input }) => ctx.inOrganization((tx) => getDelivery(tx, input.deliveryId))),
  replay: operatorWhoMay("replay_deliveries")
    .input(z.object({ deliveryId: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const replayed = await ctx.inOrganization((tx) =>
        replayDelivery(tx, { ...input, by: ctx.actor.name }, ctx.clock()),
      );
      await ctx.send(deliveriesReceived.create({ orgId: ctx.actor.orgId }));
      return replayed;
    }),
});
