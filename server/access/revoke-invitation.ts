import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";

/** Ends an open invitation: its link lets nobody in any more. Runs as the owner. Errors: not_found. */
export async function revokeInvitation(
  tx: Tx,
  { organizationId, invitationId }: { organizationId: string; invitationId: string },
  now: Date,
): Promise<void> {
  const ended = await queryRows(
    tx,
    sql`update invitations set ended_at = ${now.toISOString()}::timestamptz, ended_because = 'revoked'
        where id = ${invitationId} and organization_id = ${organizationId} and ended_at is null returning id`,
  );
  if (ended.length === 0) throw new Refusal("not_found", `there is no open invitation ${invitationId}`);
}
