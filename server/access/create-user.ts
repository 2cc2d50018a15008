import { hashPassword } from "better-auth/crypto";
import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { newId } from "@/server/ids";

/** better-auth's name for accounts of its own, as against those of other providers. */
const LOCAL_ISSUER = "local:credential";

/** Makes a person who can sign in. Runs as the owner. Without a password there is no way in but the demo's one-click roles. Returns the user's id.
 *  Errors: conflict (the e-mail address is taken), invalid_input (password shorter than 8). */
export async function createUser(
  tx: Tx,
  input: { name: string; email: string; password: string | null },
  now: Date,
): Promise<string> {
  const email = input.email.toLowerCase();
  if (input.password !== null && input.password.length < 8) {
    throw new Refusal("invalid_input", `the password of ${email} has fewer than 8 characters`);
  }
  const id = newId("usr", now);
  const at = sql`${now.toISOString()}::timestamptz`;
  const created = await queryRows(
    tx,
    sql`insert into users (id, name, email, email_verified, created_at, updated_at) values (${id}, ${input.name}, ${email}, true, ${at}, ${at})
        on conflict on constraint users_email_once do nothing returning id`,
  );
  if (created.length === 0) throw new Refusal("conflict", `the e-mail address ${email} is already a user's`);
  if (input.password !== null) {
    await tx.execute(
      sql`insert into credentials (id, user_id, account_id, provider_id, issuer, password, created_at, updated_at)
          values (${newId("usr", now)}, ${id}, ${id}, 'credential', ${LOCAL_ISSUER}, ${await hashPassword(input.password)}, ${at}, ${at})`,
    );
  }
  return id;
}
