import { z } from "zod";
import { attemptsOpen } from "@/server/inngest/events";
import { operatorProcedure, operatorWhoMay, router } from "@/server/trpc/init";
import { closeTask } from "./close-task";
import { confirmFound } from "./confirm-found";
import { resolveUnknown } from "./resolve-unknown";
import { countOpenTasks, listTasks } from "./task-queries";
import { closeInput, resolvedOutput, resolveInput, tasksInput, tasksOutput } from "./tasks-shapes";

/** What only a person can decide, for operators: read it, say what became of it, close it. */
export const tasksRouter = router({
  list: operatorProcedure
    .input(tasksInput)
    .output(tasksOutput)
    .query(async ({ ctx, input }) => {
      const rows = await ctx.inOrganization((tx) => listTasks(tx, input));
      return { rows, nextCursor: rows.length === input.limit ? rows.at(-1)?.id : undefined };
    }),

  count: operatorProcedure.output(z.int()).query(({ ctx }) => ctx.inOrganization(countOpenTasks)),

  resolveUnknown: operatorWhoMay("settle_tasks")
    .input(resolveInput)
    .output(resolvedOutput)
    .mutation(async ({ ctx, input: { attemptId, found, note } }) => {
      const { name: by, orgId } = ctx.actor;
      if (found.kind === "accepted") await confirmFound(ctx, { attemptId, ...found });
      const resolved = await ctx.inOrganization((tx) =>
        resolveUnknown(tx, { attemptId, by, found, note }, ctx.clock()),
      );
      if (found.kind === "accepted") await ctx.send(attemptsOpen.create({ orgId }));
      return resolved;
    }),

  close: operatorWhoMay("settle_tasks")
    .input(closeInput)
    .output(z.void())
    .mutation(({ ctx, input }) =>
      ctx.inOrganization((tx) => closeTask(tx, { ...input, by: ctx.actor.name }, ctx.clock())),
    ),
});
