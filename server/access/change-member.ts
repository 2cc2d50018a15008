import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { peopleVerdict } from "./rules/people";
import { mayDo, type OperatorRole } from "./rules/roles";

export type MemberChange = {
  organizationId: string;
  /** Who asks. */
  by: string;
  userId: string;
  /** null: no longer one of the organization. */
  to: OperatorRole | null;
};

/** Gives a member another role, or none: then his sessions end. What he had invited others with ends in either case: a link to himself would be
 *  his way back. Runs as the owner.
 *  Errors: not_found, forbidden (with the rule's reason). */
export async function changeMember(tx: Tx, { organizationId, by, userId, to }: MemberChange, now: Date): Promise<void> {
  // All of them, so that two owners who unmake each other do so one after the other: the second is none any more.
  const members = await queryRows<{ user_id: string; role: OperatorRole }>(
    tx,
    sql`select user_id, role from memberships where organization_id = ${organizationId} and role <> 'affiliate' and ended_at is null
        order by id for update`,
  );
  const roleOf = (id: string) => members.find((member) => member.user_id === id)?.role;
  const [byRole, from] = [roleOf(by), roleOf(userId)];
  if (!from) throw new Refusal("not_found", `${userId} does not belong to this organization`);
  if (!byRole) throw new Refusal("forbidden", "you do not belong to this organization any more");
  const allowed = mayDo(byRole, "manage_people");
  if (!allowed.may) throw new Refusal("forbidden", allowed.reason);
  const verdict = peopleVerdict({ byRole, isSelf: by === userId, from, to });
  if (!verdict.may) throw new Refusal("forbidden", verdict.reason);
  const isMember = sql`user_id = ${userId} and organization_id = ${organizationId} and role <> 'affiliate' and ended_at is null`;
  const at = sql`${now.toISOString()}::timestamptz`;
  await tx.execute(
    sql`update invitations set ended_at = ${at}, ended_because = 'revoked'
        where organization_id = ${organizationId} and invited_by = ${userId} and ended_at is null`,
  );
  if (to !== null) {
    await tx.execute(sql`update memberships set role = ${to} where ${isMember}`);
    return;
  }
  await tx.execute(sql`update memberships set ended_at = ${at} where ${isMember}`);
  await tx.execute(sql`delete from sessions where user_id = ${userId}`);
}
