import { z } from "zod";
import { env } from "@/server/env";
import { Refusal } from "@/server/errors";
import { operatorProcedure, operatorWhoMay, publicProcedure, router } from "@/server/trpc/init";
import { acceptInvitation } from "./accept-invitation";
import { changeMember } from "./change-member";
import { invitationOf, invitationToken } from "./invitation-token";
import { invite } from "./invite";
import { listPeople, openInvitation } from "./people-queries";
import { revokeInvitation } from "./revoke-invitation";
import { OPERATOR_ROLES } from "./rules/roles";

const role = z.enum(OPERATOR_ROLES);
const person = z.object({ name: z.string().trim().min(1).max(100), email: z.email().max(200), role });
const member = z.strictObject({ userId: z.string(), name: z.string(), email: z.string(), role, since: z.date() });
const invitation = z.strictObject({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  invitedBy: z.string(),
  expiresAt: z.date(),
  isExpired: z.boolean(),
});
const mayManage = operatorWhoMay("manage_people");
const byId = z.object({ invitationId: z.string() });

export const peopleRouter = router({
  list: operatorProcedure
    .output(z.strictObject({ members: z.array(member), invitations: z.array(invitation) }))
    .query(({ ctx }) => ctx.database.asOwner((tx) => listPeople(tx, ctx.actor.orgId, ctx.clock()))),
  /** Returns the link: who invites passes it on. */
  invite: mayManage
    .input(person)
    .output(z.strictObject({ invitationId: z.string(), link: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const wanted = { ...input, organizationId: ctx.actor.orgId, by: ctx.actor };
      const invitationId = await ctx.database.asOwner((tx) => invite(tx, wanted, ctx.clock()));
      return { invitationId, link: linkOf(invitationId) };
    }),
  revoke: mayManage.input(byId).mutation(({ ctx, input }) => {
    const wanted = { ...input, organizationId: ctx.actor.orgId };
    return ctx.database.asOwner((tx) => revokeInvitation(tx, wanted, ctx.clock()));
  }),
  change: mayManage.input(z.object({ userId: z.string(), to: role.nullable() })).mutation(({ ctx, input }) => {
    const wanted = { ...input, organizationId: ctx.actor.orgId, by: ctx.actor.userId };
    return ctx.database.asOwner((tx) => changeMember(tx, wanted, ctx.clock()));
  }),
});

const token = z.string().max(200);
/** Longer ones cost only time. */
const PASSWORD_MAX = 128;

export const invitationRouter = router({
  /** What whoever holds the link is invited to. */
  get: publicProcedure
    .input(z.object({ token }))
    .output(
      z.strictObject({
        organization: z.string(),
        name: z.string(),
        email: z.string(),
        role,
        hasAccount: z.boolean(),
      }),
    )
    .query(async ({ ctx, input }) => {
      const id = inHand(input.token);
      const { organization, name, email, role, userId } = await ctx.database.asOwner((tx) =>
        openInvitation(tx, id, ctx.clock()),
      );
      return { organization, name, email, role, hasAccount: userId !== null };
    }),
  accept: publicProcedure
    .input(z.object({ token, password: z.string().min(1).max(PASSWORD_MAX) }))
    .output(z.strictObject({ email: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const wanted = { invitationId: inHand(input.token), password: input.password };
      const accepted = await ctx.database.asOwner((tx) => acceptInvitation(tx, wanted, ctx.clock()));
      if (accepted.kind === "refused") throw new Refusal("forbidden", accepted.reason);
      return { email: accepted.email };
    }),
});

function linkOf(invitationId: string): string {
  return `${env().appUrl}/invitation/${invitationToken(invitationId, env().appSecret)}`;
}

function inHand(given: string): string {
  const id = invitationOf(given, env().appSecret);
  if (id === null)
    throw new Refusal("not_found", "This link is not complete, or not one of ours. Open it as it was sent.");
  return id;
}
