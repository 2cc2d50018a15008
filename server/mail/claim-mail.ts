import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { OutgoingMail } from "./mail-transport";

/** Minutes that a mail waits for its first, second … try, each counted from the try before; after the last one it has failed. Two days together:
 *  longer than most outages, and after that what it tells is old. */
export const WAIT_MINUTES = [0, 1, 4, 25, 90, 360, 960, 1440] as const;

/** A mail that is being sent, and which try it is. */
export type ClaimedMail = OutgoingMail & { tries: number };

/** Takes the oldest mail that is due and marks it `sending`; undefined when there is none. The caller commits this before it talks to any
 *  server: from then on the mail may have left, and nobody else takes it. `sent_at` keeps when that was: the next try is due from there. */
export async function claimMail(tx: Tx, now: Date): Promise<ClaimedMail | undefined> {
  const at = now.toISOString();
  const [row] = await queryRows<ClaimedMail>(
    tx,
    sql`update mails set state = 'sending', tries = tries + 1, sent_at = ${at}::timestamptz
        where id = (
          select id from mails where state = 'queued'
            and (sent_at is null
              or sent_at + (array[${sql.raw(WAIT_MINUTES.join(", "))}])[tries + 1] * interval '1 minute' <= ${at}::timestamptz)
          order by created_at, id limit 1 for update skip locked
        )
        returning id, recipient, subject, html, text, tries`,
  );
  return row;
}
