import { TRPCError, tracked } from "@trpc/server";
import { z } from "zod";
import { mayDo } from "@/server/access";
import { env } from "@/server/env";
import { operatorProcedure, router, signedInProcedure } from "@/server/trpc/init";
import { listBalanceLines } from "./balance-lines";
import { currentProof } from "./current-proof";
import { balanceLinesInput } from "./input";
import { activityEvent, balanceLines, currencyBalances, proof, streamMessage, waiting } from "./output";
import { firstPostbackParts, organizationBalances, waitingForOperator } from "./queries";
import { firstPostback } from "./rules/first-postback";
import { latestEvents, PLACE, streamActivity } from "./stream-activity";

export const overviewRouter = router({
  balances: operatorProcedure
    .output(z.array(currencyBalances))
    .query(({ ctx }) => ctx.inOrganization(organizationBalances)),
  /** What one of the balances is made of, over everybody or for one affiliate. */
  balanceLines: operatorProcedure
    .input(balanceLinesInput.extend({ affiliateId: z.string().nullable() }))
    .output(balanceLines)
    .query(({ ctx, input: { cursor, ...rest } }) =>
      ctx.inOrganization((tx) => listBalanceLines(tx, { ...rest, after: cursor })),
    ),
  waiting: operatorProcedure.output(waiting).query(({ ctx }) => ctx.inOrganization(waitingForOperator)),
  proof: operatorProcedure.output(proof).query(({ ctx }) => currentProof(ctx.database, ctx.actor.orgId, ctx.clock())),
  /** The command that makes the first conversion; null until a source takes it, and for who may not know its address. */
  firstPostback: operatorProcedure.output(z.string().nullable()).query(async ({ ctx }) => {
    if (!mayDo(ctx.actor.role, "connect_sources").may) return null;
    const parts = await ctx.inOrganization(firstPostbackParts);
    const orderId = `FIRST-${ctx.clock().getTime().toString(36).toUpperCase()}`;
    return parts && firstPostback(parts, { appUrl: env().appUrl, orderId });
  }),
});

export const activityRouter = router({
  latest: signedInProcedure
    .input(z.object({ limit: z.number().int().min(1).max(100) }))
    .output(z.array(activityEvent))
    .query(({ ctx, input }) => ctx.inOrganization((tx) => latestEvents(tx, ctx.actor, input.limit))),
  /** Everything that happens, from `lastEventId` on; the browser sends it again by itself when it reconnects. */
  stream: signedInProcedure
    .input(z.object({ lastEventId: z.string().regex(PLACE).nullish() }))
    .subscription(async function* ({ ctx, input, signal }) {
      const until = AbortSignal.any([AbortSignal.timeout(STREAM_MS_MAX), ...(signal ? [signal] : [])]);
      try {
        for await (const message of streamActivity(ctx.database, ctx.actor, input.lastEventId ?? null, until)) {
          // What `.output()` does for the other procedures: it does not look into a stream.
          const told = streamMessage.parse(message);
          yield tracked(told.type === "deed" ? told.event.id : told.id, told);
        }
      } catch (cause) {
        throw comeBack(cause);
      }
      if (!signal?.aborted) throw comeBack(undefined);
    }),
});

/** After this long a stream ends and the browser comes back with its cookie: whoever signed out elsewhere hears no more. */
const STREAM_MS_MAX = 10 * 60_000;

/** Makes the browser reconnect, and tells it nothing of what failed: errors of a stream pass by the translation of procedures. */
function comeBack(cause: unknown): TRPCError {
  return new TRPCError({ code: "SERVICE_UNAVAILABLE", message: "The stream ended; it goes on in a moment.", cause });
}
