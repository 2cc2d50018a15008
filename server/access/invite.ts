import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { newId } from "@/server/ids";
import { peopleVerdict } from "./rules/people";
import type { OperatorRole } from "./rules/roles";

/** How long a link may lie in a mailbox. */
const VALID_DAYS = 7;

export type NewInvitation = {
  organizationId: string;
  by: { userId: string; role: OperatorRole };
  name: string;
  email: string;
  role: OperatorRole;
};

/** Invites a person to an organization for seven days. An earlier invitation of the same address ends. Runs as the owner. Returns its id.
 *  Errors: forbidden (the inviter may not make owners), conflict (the address is an operator's of this organization). */
export async function invite(tx: Tx, input: NewInvitation, now: Date): Promise<string> {
  const { organizationId, by, name, role } = input;
  const email = input.email.toLowerCase();
  const verdict = peopleVerdict({ byRole: by.role, isSelf: false, from: null, to: role });
  if (!verdict.may) throw new Refusal("forbidden", verdict.reason);
  const members = await queryRows(
    tx,
    sql`select m.id from memberships m join users u on u.id = m.user_id
        where m.organization_id = ${organizationId} and m.role <> 'affiliate' and m.ended_at is null and u.email = ${email}`,
  );
  if (members.length > 0) throw new Refusal("conflict", `${email} belongs to this organization already`);
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update invitations set ended_at = ${at}, ended_because = 'replaced'
        where organization_id = ${organizationId} and email = ${email} and ended_at is null`,
  );
  const id = newId("inv", now);
  await tx.execute(
    sql`insert into invitations (id, organization_id, email, name, role, invited_by, expires_at, created_at)
        values (${id}, ${organizationId}, ${email}, ${name}, ${role}, ${by.userId}, ${at} + ${VALID_DAYS} * interval '1 day', ${at})`,
  );
  return id;
}
