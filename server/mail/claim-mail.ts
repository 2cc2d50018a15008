import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { OutgoingMail } from "./mail-transport";

/** Minutes after it was queued at which a mail is tried for the first, second … time; after the last one it has failed. Two days:
 *  longer than most outages, and after that what it tells is old. */
export const TRY_MINUTES = [0, 1, 5, 30, 120, 480, 1440, 2880] as const;

/** A mail that is being sent, and which try it is. */
export type ClaimedMail = OutgoingMail & { tries: number };

/** Takes the oldest mail that is due and marks it `sending`; undefined when there is none. The caller commits this before it talks to any
 *  server: from then on the mail may have left, and nobody else takes it. `sent_at` keeps when that was. */
export async function claimMail(tx: Tx, now: Date): Promise<ClaimedMail | undefined> {
  const at = now.toISOString();
  const [row] = await queryRows<ClaimedMail>(
    tx,
    sql`update mails set state = 'sending', tries = tries + 1, sent_at = ${at}::timestamptz
        where id = (
          select id from mails where state = 'queued'
            and created_at + (array[${sql.raw(TRY_MINUTES.join(", "))}])[tries + 1] * interval '1 minute' <= ${at}::timestamptz
          order by created_at, id limit 1 for update skip locked
        )
        returning id, recipient, subject, html, text, tries`,
  );
  return row;
}
