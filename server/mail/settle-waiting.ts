import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { unreachable } from "@/server/errors";
import type { MailTransport } from "./mail-transport";

/** A sender needs far less for one mail: after this long it is dead. */
const LOST_AFTER_MINUTES = 15;

/** What has to be said about mails that no sender works on: one left in `sending` by a process that died becomes `unknown`; without SMTP
 *  the queued ones are kept as sent (demo, development) or told why they wait (production). */
export async function settleWaiting(tx: Tx, input: { transport: MailTransport["kind"] }, now: Date): Promise<void> {
  const at = now.toISOString();
  await queryRows(
    tx,
    sql`update mails set state = 'unknown',
          reason = 'the process stopped while it was sending this mail; it may have arrived and is not sent again by itself'
        where state = 'sending' and sent_at < ${at}::timestamptz - ${LOST_AFTER_MINUTES} * interval '1 minute'`,
  );
  switch (input.transport) {
    case "smtp":
      return;
    case "outbox":
      await tx.execute(
        sql`update mails set state = 'sent', reason = 'kept in the outbox: no SMTP_URL', sent_at = ${at}::timestamptz where state = 'queued'`,
      );
      return;
    case "none":
      await tx.execute(
        sql`update mails set reason = ${NO_SMTP} where state = 'queued' and reason is distinct from ${NO_SMTP}`,
      );
      return;
    default:
      unreachable(input.transport, "a mail transport");
  }
}

const NO_SMTP = "waits: no SMTP_URL is set; with one it is sent by itself";
