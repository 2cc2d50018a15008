import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";

/** Queues a mail again because an operator says so: one that failed, or one of which nobody knows whether it arrived. It is due at once.
 *  Errors: not_found, precondition_failed (it is queued, being sent, or sent). */
export async function resendMail(tx: Tx, input: { mailId: string; by: string }): Promise<void> {
  const [mail] = await queryRows<{ state: string }>(
    tx,
    sql`select state from mails where id = ${input.mailId} for update`,
  );
  if (!mail) throw new Refusal("not_found", `mail ${input.mailId} does not exist`);
  if (mail.state !== "failed" && mail.state !== "unknown") {
    throw new Refusal(
      "precondition_failed",
      `mail ${input.mailId} is ${mail.state}; only a failed or unknown mail can be sent again`,
    );
  }
  await tx.execute(
    sql`update mails set state = 'queued', tries = 0, sent_at = null, reason = ${`sent again by ${input.by}`} where id = ${input.mailId}`,
  );
}
