import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

export const MAIL_STATES = ["queued", "sending", "sent", "failed", "unknown"] as const;

export type MailState = (typeof MAIL_STATES)[number];

/** A mail as a list shows it. */
export type MailRow = {
  id: string;
  cause: string;
  recipient: string;
  subject: string;
  state: MailState;
  reason: string | null;
  tries: number;
  /** When it was handed over, or last tried. */
  sentAt: Date | null;
  createdAt: Date;
};

/** Mails of the organization, newest first, from the one before `before`; all, or those in one state, or to receivers that begin with some letters. */
export async function listMails(
  tx: Tx,
  input: { limit: number; before: string | null; state?: MailState; recipient?: string },
): Promise<MailRow[]> {
  const older =
    input.before === null
      ? sql`true`
      : sql`(created_at, id) < (select created_at, id from mails where id = ${input.before})`;
  const inState = input.state === undefined ? sql`true` : sql`state = ${input.state}`;
  const toWhom =
    input.recipient === undefined ? sql`true` : sql`starts_with(lower(recipient), ${input.recipient.toLowerCase()})`;
  const rows = await readMails(
    tx,
    sql`${older} and ${inState} and ${toWhom} order by created_at desc, id desc limit ${input.limit}`,
  );
  return rows.map(({ html, text, ...row }) => row);
}

/** One mail with its content; undefined when the organization has no such mail. */
export async function getMail(tx: Tx, mailId: string): Promise<(MailRow & { html: string; text: string }) | undefined> {
  const [mail] = await readMails(tx, sql`id = ${mailId}`);
  return mail;
}

async function readMails(tx: Tx, condition: SQL): Promise<(MailRow & { html: string; text: string })[]> {
  const rows = await queryRows<{
    id: string;
    cause: string;
    recipient: string;
    subject: string;
    state: MailState;
    reason: string | null;
    tries: number;
    sent_at: string | null;
    created_at: string;
    html: string;
    text: string;
  }>(
    tx,
    sql`select id, cause, recipient, subject, state, reason, tries, sent_at, created_at, html, text from mails where ${condition}`,
  );
  return rows.map(({ sent_at, created_at, ...row }) => ({
    ...row,
    sentAt: sent_at === null ? null : new Date(sent_at),
    createdAt: new Date(created_at),
  }));
}
