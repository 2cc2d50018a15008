import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import type { OperatorRole } from "./rules/roles";

export type Member = { userId: string; name: string; email: string; role: OperatorRole; since: Date };
export type OpenInvitation = {
  id: string;
  name: string;
  email: string;
  role: OperatorRole;
  invitedBy: string;
  expiresAt: Date;
  isExpired: boolean;
};

/** The operators of an organization and who is invited to be one. Runs as the owner. */
export async function listPeople(
  tx: Tx,
  organizationId: string,
  now: Date,
): Promise<{ members: Member[]; invitations: OpenInvitation[] }> {
  const members = await queryRows<{
    user_id: string;
    name: string;
    email: string;
    role: OperatorRole;
    created_at: string;
  }>(
    tx,
    sql`select m.user_id, u.name, u.email, m.role, m.created_at from memberships m join users u on u.id = m.user_id
        where m.organization_id = ${organizationId} and m.role <> 'affiliate' and m.ended_at is null order by lower(u.name), m.user_id`,
  );
  const invitations = await queryRows<{
    id: string;
    name: string;
    email: string;
    role: OperatorRole;
    invited_by: string;
    expires_at: string;
  }>(
    tx,
    sql`select i.id, i.name, i.email, i.role, u.name as invited_by, i.expires_at from invitations i join users u on u.id = i.invited_by
        where i.organization_id = ${organizationId} and i.ended_at is null order by i.created_at desc, i.id`,
  );
  return {
    members: members.map((row) => ({
      userId: row.user_id,
      name: row.name,
      email: row.email,
      role: row.role,
      since: new Date(row.created_at),
    })),
    invitations: invitations.map((row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      role: row.role,
      invitedBy: row.invited_by,
      expiresAt: new Date(row.expires_at),
      isExpired: new Date(row.expires_at) <= now,
    })),
  };
}

export type InvitationInHand = {
  id: string;
  organizationId: string;
  organization: string;
  name: string;
  email: string;
  role: OperatorRole;
  tries: number;
  /** The account that the address already has. */
  userId: string | null;
};

/** The invitation behind a link, while it can be accepted. Runs as the owner. Errors: not_found, in words for who holds the link. */
export async function openInvitation(
  tx: Tx,
  invitationId: string,
  now: Date,
  lock: "" | "for update" = "",
): Promise<InvitationInHand> {
  const locking: SQL = lock === "" ? sql`` : sql`for update of i`;
  const [row] = await queryRows<{
    id: string;
    organization_id: string;
    organization: string;
    name: string;
    email: string;
    role: OperatorRole;
    tries: number;
    user_id: string | null;
  }>(
    tx,
    sql`select i.id, i.organization_id, o.name as organization, i.name, i.email, i.role, i.tries, u.id as user_id
        from invitations i join organizations o on o.id = i.organization_id left join users u on u.email = i.email
        where i.id = ${invitationId} and i.ended_at is null and i.expires_at > ${now.toISOString()}::timestamptz ${locking}`,
  );
  if (!row) throw new Refusal("not_found", "This invitation was used, taken back or is too old. Ask for a new one.");
  const { organization_id: organizationId, user_id: userId, ...rest } = row;
  return { ...rest, organizationId, userId };
}
