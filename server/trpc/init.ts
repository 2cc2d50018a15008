import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";
import { type Actor, type Deed, mayDo } from "@/server/access";
import type { Database, Tx } from "@/server/db";
import { type RefusalCode, refusalIn } from "@/server/errors";
import type { Rail } from "@/server/rails";

/** What a procedure is given: who asks, and the ways to the database, the clock and background work. */
export type Context = {
  readonly actor: Actor | null;
  readonly database: Database;
  readonly clock: () => Date;
  /** The connected rails, to say beforehand what they would refuse. */
  readonly rails: readonly Rail[];
  /** Starts background work after a commit. Losing it loses nothing: a sweep starts the same work. */
  readonly send: (event: { name: string; data: Record<string, unknown> }) => Promise<void>;
};

const t = initTRPC
  .context<Context>()
  .create({ transformer: superjson, sse: { ping: { enabled: true, intervalMs: 15_000 } } });

const TRPC_CODES: Record<RefusalCode, TRPCError["code"]> = {
  not_found: "NOT_FOUND",
  forbidden: "FORBIDDEN",
  invalid_input: "BAD_REQUEST",
  conflict: "CONFLICT",
  precondition_failed: "PRECONDITION_FAILED",
  limit_exceeded: "TOO_MANY_REQUESTS",
  unavailable: "SERVICE_UNAVAILABLE",
  currency_mismatch: "BAD_REQUEST",
  invariant_broken: "INTERNAL_SERVER_ERROR",
};

/** The one place where refusals become tRPC errors; anything else reaches the client without its words. Input of the wrong shape is told in
 *  lines for people, not as zod's JSON. */
const translated = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const { code, cause } = result.error;
  if (code === "BAD_REQUEST" && cause instanceof z.ZodError) {
    throw new TRPCError({ code, message: z.prettifyError(cause), cause });
  }
  if (code !== "INTERNAL_SERVER_ERROR") return result;
  const refusal = refusalIn(cause);
  throw refusal
    ? new TRPCError({ code: TRPC_CODES[refusal.code], message: refusal.message, cause })
    : new TRPCError({ code, message: "Something failed on our side; nothing was changed.", cause });
});

/** For operators of an organization, to see things: whoever changes something is asked for the deed. `ctx.inOrganization` runs a transaction inside theirs, and no other. */
export const operatorProcedure = translated.use(({ ctx, next }) => {
  const { actor } = ctx;
  if (actor?.side !== "operator") throw denied(actor);
  return next({ ctx: { ...ctx, actor, inOrganization: within(ctx.database, actor.orgId) } });
});

/** For operators whose role allows the deed. */
export const operatorWhoMay = (deed: Deed) =>
  operatorProcedure.use(({ ctx, next }) => {
    const verdict = mayDo(ctx.actor.role, deed);
    if (!verdict.may) throw new TRPCError({ code: "FORBIDDEN", message: verdict.reason });
    return next();
  });

/** For the users of one affiliate: `ctx.actor.affiliateId` is the only affiliate they may ask about. */
export const affiliateProcedure = translated.use(({ ctx, next }) => {
  const { actor } = ctx;
  if (actor?.side !== "affiliate") throw denied(actor);
  return next({ ctx: { ...ctx, actor, inOrganization: within(ctx.database, actor.orgId) } });
});

/** For anybody at all: what it needs to know of who asks comes with the input. */
export const publicProcedure = translated;

/** For anyone signed in: the procedure itself narrows by `ctx.actor.side`. */
export const signedInProcedure = translated.use(({ ctx, next }) => {
  const { actor } = ctx;
  if (!actor) throw denied(actor);
  return next({ ctx: { ...ctx, actor, inOrganization: within(ctx.database, actor.orgId) } });
});

export const { router, createCallerFactory } = t;

function within(database: Database, orgId: string) {
  return <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.inOrganization(orgId, work);
}

function denied(actor: Actor | null): TRPCError {
  return actor
    ? new TRPCError({ code: "FORBIDDEN", message: `this is not for ${actor.side}s` })
    : new TRPCError({ code: "UNAUTHORIZED", message: "sign in first" });
}
