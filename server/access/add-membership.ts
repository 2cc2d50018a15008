import { sql } from "drizzle-orm";
import type { Tx } from "@/server/db";
import { newId } from "@/server/ids";
import type { OperatorRole } from "./rules/roles";

/** What a user may be in one organization. */
export type NewMembership = { userId: string; organizationId: string } & (
  | { role: OperatorRole }
  | { role: "affiliate"; affiliateId: string }
);

/** Lets a user act for an organization, or for one of its affiliates. Runs as the owner. */
export async function addMembership(tx: Tx, input: NewMembership, now: Date): Promise<void> {
  const affiliateId = input.role === "affiliate" ? input.affiliateId : null;
  await tx.execute(
    sql`insert into memberships (id, user_id, organization_id, role, affiliate_id, created_at)
        values (${newId("usr", now)}, ${input.userId}, ${input.organizationId}, ${input.role}, ${affiliateId}, ${now.toISOString()}::timestamptz)
        on conflict do nothing`,
  );
}
