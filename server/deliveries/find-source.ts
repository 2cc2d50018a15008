import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { NetworkStatus, SourceSettings } from "@/server/networks";

/** A source as the inbox needs it. */
export type InboxSource = {
  id: string;
  orgId: string;
  programId: string;
  network: string;
  signingSecret: string | null;
  requestsPerMinute: number;
  settings: SourceSettings;
};

type SourceRow = {
  id: string;
  org_id: string;
  program_id: string;
  network: string;
  signing_secret: string | null;
  amount_format: SourceSettings["amountFormat"];
  default_currency: string | null;
  default_status: NetworkStatus;
  requests_per_minute: number;
};

/** Tokens are 32 characters of our own alphabet: anything else needs no look-up. */
const TOKEN = /^[0-9a-hjkmnp-tv-z]{32}$/;

/** The source that a postback address names; undefined for an unknown, malformed or ended one. Runs as the inbox. */
export async function findSourceByToken(tx: Tx, token: string): Promise<InboxSource | undefined> {
  if (!TOKEN.test(token)) return undefined;
  const [row] = await queryRows<SourceRow>(tx, sql`${SELECT_SOURCE} where token = ${token} and ended_at is null`);
  return row && toSource(row);
}

/** The sources of some deliveries, by id. */
export async function findSources(tx: Tx, ids: readonly string[]): Promise<Map<string, InboxSource>> {
  if (ids.length === 0) return new Map();
  const rows = await queryRows<SourceRow>(tx, sql`${SELECT_SOURCE} where id in ${ids}`);
  return new Map(rows.map((row) => [row.id, toSource(row)]));
}

const SELECT_SOURCE = sql`select id, org_id, program_id, network, signing_secret, amount_format, default_currency, default_status,
  requests_per_minute from sources`;

function toSource(row: SourceRow): InboxSource {
  return {
    id: row.id,
    orgId: row.org_id,
    programId: row.program_id,
    network: row.network,
    signingSecret: row.signing_secret,
    requestsPerMinute: row.requests_per_minute,
    settings: {
      amountFormat: row.amount_format,
      defaultCurrency: row.default_currency,
      defaultStatus: row.default_status,
    },
  };
}
