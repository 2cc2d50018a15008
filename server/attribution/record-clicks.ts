import { sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";

/** One visit through a link. */
export type NewClick = {
  id: string;
  orgId: string;
  linkId: string;
  programId: string;
  affiliateId: string;
  userAgent: string | null;
  referrer: string | null;
  eventAt: Date;
};

/** Stores clicks; one that is already there stays as it is. Runs as the inbox (a visitor's request) or inside an organization (an import). */
export async function recordClicks(tx: Tx, clicks: readonly NewClick[], now: Date): Promise<void> {
  if (clicks.length === 0) return;
  const rows = clicks.map((click) => ({
    id: click.id,
    org_id: click.orgId,
    link_id: click.linkId,
    program_id: click.programId,
    affiliate_id: click.affiliateId,
    user_agent: click.userAgent?.slice(0, 500) ?? null,
    referrer: click.referrer?.slice(0, 500) ?? null,
    event_at: click.eventAt,
  }));
  await tx.execute(
    sql`insert into clicks (id, org_id, link_id, program_id, affiliate_id, user_agent, referrer, event_at, created_at)
        select r.*, ${now.toISOString()}::timestamptz from ${jsonRows(rows)} as r(id text, org_id text, link_id text, program_id text, affiliate_id text,
          user_agent text, referrer text, event_at timestamptz)
        on conflict do nothing`,
  );
}

/** A link as a visitor's request needs it; undefined when there is none or it has ended. */
export async function findLink(
  tx: Tx,
  slug: string,
): Promise<
  | (Omit<NewClick, "id" | "userAgent" | "referrer" | "eventAt"> & { destinationUrl: string; subIdParameter: string })
  | undefined
> {
  const [row] = await queryRows<{
    id: string;
    org_id: string;
    program_id: string;
    affiliate_id: string;
    destination_url: string;
    sub_id_parameter: string;
  }>(
    tx,
    sql`select id, org_id, program_id, affiliate_id, destination_url, sub_id_parameter from links where slug = ${slug} and ended_at is null`,
  );
  return (
    row && {
      linkId: row.id,
      orgId: row.org_id,
      programId: row.program_id,
      affiliateId: row.affiliate_id,
      destinationUrl: row.destination_url,
      subIdParameter: row.sub_id_parameter,
    }
  );
}
