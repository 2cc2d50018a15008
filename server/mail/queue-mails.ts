import { sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";

/** A finished mail with what it is about. */
export type NewMail = {
  /** What makes it unique for ever: "payout:pay_…:paid". */
  cause: string;
  template: "earnings_digest" | "payout_sent";
  affiliateId: string;
  recipient: string;
  subject: string;
  html: string;
  text: string;
  /** When what it tells happened; of a digest the end of its period. */
  eventAt: Date;
};

/** Puts mails into the outbox. A cause that was queued before is left alone, whatever became of its mail. Returns how many are new. */
export async function queueMails(tx: Tx, mails: readonly NewMail[], now: Date): Promise<number> {
  if (mails.length === 0) return 0;
  const rows = jsonRows(
    mails.map((mail) => ({
      id: newId("mail", now),
      cause: mail.cause,
      template: mail.template,
      affiliate_id: mail.affiliateId,
      recipient: mail.recipient,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      event_at: mail.eventAt,
    })),
  );
  const queued = await queryRows(
    tx,
    sql`insert into mails (id, cause, template, affiliate_id, recipient, subject, html, text, state, event_at, created_at)
        select m.id, m.cause, m.template, m.affiliate_id, m.recipient, m.subject, m.html, m.text, 'queued', m.event_at, ${now.toISOString()}::timestamptz
        from ${rows} as m(id text, cause text, template text, affiliate_id text, recipient text, subject text, html text, text text, event_at timestamptz)
        order by m.cause
        on conflict (org_id, cause) do nothing returning id`,
  );
  return queued.length;
}
