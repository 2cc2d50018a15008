import { operatorProcedure, router } from "@/server/trpc/init";
import { listPrograms } from "./queries";

export const programsRouter = router({
  list: operatorProcedure.query(({ ctx }) => ctx.inOrganization(listPrograms)),
});
