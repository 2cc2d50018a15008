import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";

export type Source = { id: string; programId: string; name: string; network: string; token: string; signed: boolean };

/** Every connected source of the organization, ended ones left out. */
export async function listSources(tx: Tx): Promise<Source[]> {
  const rows = await queryRows<{
    id: string;
    program_id: string;
    name: string;
    network: string;
    token: string;
    signed: boolean;
  }>(
    tx,
    sql`select id, program_id, name, network, token, signing_secret is not null as signed from sources where ended_at is null order by name, id`,
  );
  return rows.map((row) => ({
    id: row.id,
    programId: row.program_id,
    name: row.name,
    network: row.network,
    token: row.token,
    signed: row.signed,
  }));
}
