import { networkNamed } from "@/server/networks";
import { operatorProcedure, router } from "@/server/trpc/init";
import { listSources } from "./queries";

export const sourcesRouter = router({
  list: operatorProcedure.query(async ({ ctx }) => {
    const sources = await ctx.inOrganization(listSources);
    return sources.map((source) => ({
      ...source,
      networkTitle: networkNamed(source.network).title,
      template: networkNamed(source.network).postbackTemplate,
    }));
  }),
});
