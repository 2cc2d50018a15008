import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

/** So many wrong passwords may be tried for one address, from wherever, until a window's end. Enough for a person, and nothing for a machine. */
const TRIES_MAX = 10;
const WINDOW_MINUTES = 15;

/** Counts a try before the password is looked at, so that tries which come together are all counted. Addresses that nobody has are counted alike:
 *  the answer must not tell which exist. Runs as the owner. Returns the seconds to wait, or 0 to go on. */
export async function countSignInTry(tx: Tx, email: string, now: Date): Promise<number> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const end = sql`${at} + ${WINDOW_MINUTES} * interval '1 minute'`;
  await tx.execute(
    sql`delete from sign_in_tries where address in
        (select address from sign_in_tries where ends_at <= ${at} limit 100 for update skip locked)`,
  );
  const [counted] = await queryRows<{ tries: number; ends_at: string }>(
    tx,
    sql`insert into sign_in_tries as t (address, tries, ends_at) values (${digestOf(email)}, 1, ${end})
        on conflict (address) do update set tries = case when t.ends_at <= ${at} then 1 else t.tries + 1 end,
          ends_at = case when t.ends_at <= ${at} then excluded.ends_at else t.ends_at end
        returning tries, ends_at`,
  );
  if (!counted || counted.tries <= TRIES_MAX) return 0;
  return Math.max(1, Math.ceil((new Date(counted.ends_at).getTime() - now.getTime()) / 1000));
}

/** Forgets the tries of an address that has signed in. Runs as the owner. */
export async function forgetSignInTries(tx: Tx, email: string): Promise<void> {
  await tx.execute(sql`delete from sign_in_tries where address = ${digestOf(email)}`);
}

/** Whoever tries may have mistyped his address, or typed something else there: it is not kept. */
function digestOf(email: string): string {
  return createHash("sha256").update(email.trim().toLowerCase()).digest("hex");
}
