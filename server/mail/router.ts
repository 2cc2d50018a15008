import { z } from "zod";
import { Refusal } from "@/server/errors";
import { mailsQueued } from "@/server/inngest/events";
import { operatorProcedure, operatorWhoMay, router } from "@/server/trpc/init";
import { getMail, listMails, MAIL_STATES } from "./queries";
import { resendMail } from "./resend-mail";

const mailId = z.string().regex(/^mail_[0-9a-z]+$/, "an id that begins with mail_");

const listInput = z.object({
  state: z.enum(MAIL_STATES).optional(),
  /** The first letters of the receiver's address. */
  recipient: z.string().trim().max(200).optional(),
  /** The last mail shown. */
  cursor: mailId.nullish(),
  limit: z.int().min(1).max(200).default(50),
});

const mailRow = z.object({
  id: z.string(),
  cause: z.string(),
  recipient: z.string(),
  subject: z.string(),
  state: z.enum(MAIL_STATES),
  reason: z.string().nullable(),
  tries: z.int(),
  sentAt: z.date().nullable(),
  createdAt: z.date(),
});

/** The outbox, for operators: what was written to whom, what became of it, and sending again what did not arrive. */
export const mailRouter = router({
  list: operatorProcedure
    .input(listInput)
    .output(z.object({ rows: z.array(mailRow), nextCursor: z.string().optional() }))
    .query(async ({ ctx, input: { cursor, ...rest } }) => {
      const rows = await ctx.inOrganization((tx) => listMails(tx, { ...rest, before: cursor ?? null }));
      return { rows, nextCursor: rows.length === rest.limit ? rows.at(-1)?.id : undefined };
    }),

  get: operatorProcedure
    .input(z.object({ mailId }))
    .output(mailRow.extend({ text: z.string() }))
    .query(async ({ ctx, input }) => {
      const mail = await ctx.inOrganization((tx) => getMail(tx, input.mailId));
      if (!mail) throw new Refusal("not_found", `mail ${input.mailId} does not exist`);
      return mail;
    }),

  resend: operatorWhoMay("resend_mails")
    .input(z.object({ mailId }))
    .output(z.void())
    .mutation(async ({ ctx, input }) => {
      const { name: by, orgId } = ctx.actor;
      await ctx.inOrganization((tx) => resendMail(tx, { ...input, by }));
      await ctx.send(mailsQueued.create({ orgId }));
    }),
});
