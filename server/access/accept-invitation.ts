import { verifyPassword } from "better-auth/crypto";
import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { addMembership } from "./add-membership";
import { createUser } from "./create-user";
import { openInvitation } from "./people-queries";

/** Wrong passwords of an account that exists already; then the invitation is of no use, and a new one has to be made. */
const TRIES_MAX = 5;

/** What became of it. A wrong password is counted, and therefore no error: an error would undo the count. */
export type Accepted = { kind: "member"; email: string } | { kind: "refused"; reason: string };

/** Makes the invited person a member: with a new account, or with the one that this address has, whose password proves that it is his. Runs as
 *  the owner. Errors: not_found (never made, ended or expired), invalid_input (a new password shorter than 12). */
export async function acceptInvitation(
  tx: Tx,
  { invitationId, password }: { invitationId: string; password: string },
  now: Date,
): Promise<Accepted> {
  const invitation = await openInvitation(tx, invitationId, now, "for update");
  const { email, name, organizationId, role, userId: known } = invitation;
  if (known !== null && !(await isPasswordOf(tx, known, password))) return refuseTry(tx, invitation, now);
  if (known === null && password.length < 12) {
    throw new Refusal("invalid_input", "a password has 12 characters or more");
  }
  const userId = known ?? (await createUser(tx, { name, email, password }, now));
  await addMembership(tx, { userId, organizationId, role }, now);
  await tx.execute(
    sql`update invitations set ended_at = ${now.toISOString()}::timestamptz, ended_because = 'accepted' where id = ${invitationId}`,
  );
  return { kind: "member", email };
}

async function isPasswordOf(tx: Tx, userId: string, password: string): Promise<boolean> {
  const [credential] = await queryRows<{ password: string | null }>(
    tx,
    sql`select password from credentials where user_id = ${userId} and provider_id = 'credential'`,
  );
  return credential?.password ? verifyPassword({ hash: credential.password, password }) : false;
}

async function refuseTry(tx: Tx, { id, tries }: { id: string; tries: number }, now: Date): Promise<Accepted> {
  const isLast = tries + 1 >= TRIES_MAX;
  const ended = isLast ? sql`, ended_at = ${now.toISOString()}::timestamptz, ended_because = 'too many tries'` : sql``;
  await tx.execute(sql`update invitations set tries = tries + 1 ${ended} where id = ${id}`);
  const reason = "This is not the password of the account that this address already has.";
  return { kind: "refused", reason: isLast ? `${reason} It was the last try: ask for a new invitation.` : reason };
}
