import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";

export type Destination = { id: string; rail: string; receiver: string; since: Date };

export type Affiliate = {
  id: string;
  externalId: string | null;
  name: string;
  email: string;
  locale: string;
  timeZone: string;
  status: "active" | "suspended";
};

/** One affiliate. Errors: not_found. */
export async function getAffiliate(tx: Tx, affiliateId: string): Promise<Affiliate> {
  const [row] = await readAffiliates(tx, sql`where id = ${affiliateId}`);
  if (!row) throw new Refusal("not_found", `there is no affiliate ${affiliateId}`);
  return row;
}

/** Affiliates by name, after the last one of the page before. */
export async function listAffiliates(
  tx: Tx,
  input: { after: { name: string; id: string } | null; limit: number },
): Promise<Affiliate[]> {
  const after = input.after ? sql`where (name, id) > (${input.after.name}, ${input.after.id})` : sql``;
  return readAffiliates(tx, sql`${after} order by name, id limit ${input.limit}`);
}

/** Where an affiliate's money goes now; null when nothing is set. */
export async function currentDestination(tx: Tx, affiliateId: string): Promise<Destination | null> {
  const [row] = await queryRows<{ id: string; rail: string; receiver: string; created_at: string }>(
    tx,
    sql`select id, rail, receiver, created_at from destinations where affiliate_id = ${affiliateId} and ended_at is null
        order by created_at desc, id desc limit 1`,
  );
  return row ? { id: row.id, rail: row.rail, receiver: row.receiver, since: new Date(row.created_at) } : null;
}

async function readAffiliates(tx: Tx, rest: ReturnType<typeof sql>): Promise<Affiliate[]> {
  const rows = await queryRows<{
    id: string;
    external_id: string | null;
    name: string;
    email: string;
    locale: string;
    time_zone: string;
    status: Affiliate["status"];
  }>(tx, sql`select id, external_id, name, email, locale, time_zone, status from affiliates ${rest}`);
  return rows.map(({ external_id, time_zone, ...row }) => ({ ...row, externalId: external_id, timeZone: time_zone }));
}
