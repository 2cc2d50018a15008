import { z } from "zod";
import { networkNamed } from "@/server/networks";
import { operatorProcedure, operatorWhoMay, router } from "@/server/trpc/init";
import { listSources } from "./queries";

const source = z.strictObject({
  id: z.string(),
  programId: z.string(),
  name: z.string(),
  network: z.string(),
  signed: z.boolean(),
});
const address = z.strictObject({ sourceId: z.string(), path: z.string(), template: z.string() });

export const sourcesRouter = router({
  list: operatorProcedure.output(z.array(source)).query(async ({ ctx }) => {
    const sources = await ctx.inOrganization(listSources);
    return sources.map(({ token, ...shown }) => shown);
  }),
  /** Where each source's network reports to, with the query it fills in. Whoever has a path may report: it is not for everybody. */
  addresses: operatorWhoMay("connect_sources")
    .output(z.array(address))
    .query(async ({ ctx }) => {
      const sources = await ctx.inOrganization(listSources);
      return sources.map(({ id, token, network }) => ({
        sourceId: id,
        path: `/api/postbacks/${token}`,
        template: networkNamed(network).postbackTemplate,
      }));
    }),
});
