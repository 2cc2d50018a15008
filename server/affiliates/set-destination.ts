import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { newId } from "@/server/ids";

/** What PayPal takes as a receiver: ASCII without spaces, at most 127 characters. */
const EMAIL = /^[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+$/;
const RECEIVER_LENGTH_MAX = 127;

/** How long nothing is sent to a destination that took another's place: whoever was robbed of an account has this long to notice. */
const COOL_OFF_HOURS = 72;

export type NewDestination = { affiliateId: string; rail: "paypal"; receiver: string };

/** Says where an affiliate's money goes from now on. The old destination ends; payouts already planned keep or lose theirs by their own
 *  rules. One that takes another's place cools off for three days. The one that is in force already stays and its id is returned.
 *  Errors: invalid_input (not an e-mail address), not_found (affiliate). */
export async function setDestination(tx: Tx, input: NewDestination, now: Date): Promise<string> {
  const { affiliateId, rail } = input;
  const receiver = input.receiver.trim();
  if (!EMAIL.test(receiver) || receiver.length > RECEIVER_LENGTH_MAX) {
    throw new Refusal("invalid_input", `"${receiver.slice(0, 100)}" is not an e-mail address; PayPal pays to one`);
  }
  // Locks the affiliate, so that two changes at once leave one destination in force.
  const found = await queryRows(tx, sql`select 1 from affiliates where id = ${affiliateId} for no key update`);
  if (found.length === 0) throw new Refusal("not_found", `there is no affiliate ${affiliateId}`);
  const [last] = await queryRows<{ id: string; rail: string; receiver: string; is_current: boolean }>(
    tx,
    sql`select id, rail, receiver, ended_at is null as is_current from destinations where affiliate_id = ${affiliateId}
        order by created_at desc, id desc limit 1`,
  );
  if (last?.is_current && last.rail === rail && last.receiver === receiver) return last.id;
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update destinations set ended_at = ${at} where affiliate_id = ${affiliateId} and ended_at is null`,
  );
  const id = newId("dst", now);
  await tx.execute(
    sql`insert into destinations (id, affiliate_id, rail, receiver, cools_until, created_at)
        values (${id}, ${affiliateId}, ${rail}, ${receiver}, ${last ? sql`${at} + ${COOL_OFF_HOURS} * interval '1 hour'` : null}, ${at})`,
  );
  // The address itself is personal data and stays out of the activity.
  const details = { rail };
  await recordActivity(
    tx,
    [{ kind: "affiliate.destination_set", subjectId: affiliateId, affiliateId, details, eventAt: now }],
    now,
  );
  return id;
}
