import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import type { Money } from "@/server/money";
import { type Conversion, type ConversionRow, optionalMoney, toConversion } from "./conversion-row";
import type { NetworkStatus, Trust } from "./rules/apply-report";

/** A conversion with the names of what it belongs to and its times. */
export type ConversionDetail = Conversion & {
  sourceName: string;
  programName: string;
  affiliateName: string | null;
  clickedAt: Date | null;
  firstReportedAt: Date;
  updatedAt: Date;
  changes: ConversionChange[];
};

/** One row of a conversion's history, with the delivery that said so. */
export type ConversionChange = {
  id: string;
  version: number;
  deliveryId: string;
  applied: boolean;
  fromStatus: NetworkStatus | null;
  toStatus: NetworkStatus;
  trust: Trust;
  sale: Money | null;
  reward: Money | null;
  eventAt: Date;
  recordedAt: Date;
};

/** One conversion with its whole history, oldest first. Errors: not_found. */
export async function getConversion(tx: Tx, conversionId: string): Promise<ConversionDetail> {
  const [row] = await queryRows<ConversionRow & Names>(
    tx,
    sql`select c.*, s.name as source_name, p.name as program_name, a.name as affiliate_name, k.event_at as clicked_at
        from conversions c join sources s on s.id = c.source_id join programs p on p.id = c.program_id
        left join affiliates a on a.id = c.affiliate_id left join clicks k on k.id = c.click_ref
        where c.id = ${conversionId}`,
  );
  if (!row) throw new Refusal("not_found", `conversion ${conversionId} does not exist`);
  return {
    ...toConversion(row),
    sourceName: row.source_name,
    programName: row.program_name,
    affiliateName: row.affiliate_name,
    clickedAt: row.clicked_at === null ? null : new Date(row.clicked_at),
    firstReportedAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    changes: await changesOf(tx, conversionId),
  };
}

export type ConversionSummary = {
  id: string;
  externalId: string;
  sourceName: string;
  affiliateId: string | null;
  affiliateName: string | null;
  networkStatus: NetworkStatus;
  trust: Trust;
  sale: Money | null;
  reward: Money | null;
  commission: { amount: Money; state: string; approved: boolean; holdUntil: Date } | null;
  unattributedReason: string | null;
  unpricedReason: string | null;
  eventAt: Date;
  updatedAt: Date;
  /** Where the next page begins. */
  cursor: string;
};

export type ConversionFilter = {
  status?: NetworkStatus;
  /** Only those nobody is credited with, or that no rule prices. */
  attention?: "parked" | "unpriced";
  affiliateId?: string;
  /** The beginning of an order number. */
  order?: string;
  /** `cursor` of the last row shown. */
  after?: string;
  limit: number;
};

/** Conversions, the most recently changed first, by keyset. */
export async function listConversions(tx: Tx, filter: ConversionFilter): Promise<ConversionSummary[]> {
  const rows = await queryRows<SummaryRow>(
    tx,
    sql`select c.id, c.external_id, s.name as source_name, c.affiliate_id, a.name as affiliate_name, c.network_status, c.trust, c.sale_minor,
          c.sale_currency, c.reward_minor, c.reward_currency, c.unattributed_reason, c.unpriced_reason, c.event_at, c.updated_at,
          m.state, m.amount_minor, m.currency, m.approved, m.hold_until
        from conversions c join sources s on s.id = c.source_id left join affiliates a on a.id = c.affiliate_id
        left join commissions m on m.conversion_id = c.id
        where ${conditionOf(filter)} order by c.updated_at desc, c.id desc limit ${filter.limit}`,
  );
  return rows.map((row) => ({
    id: row.id,
    externalId: row.external_id,
    sourceName: row.source_name,
    affiliateId: row.affiliate_id,
    affiliateName: row.affiliate_name,
    networkStatus: row.network_status,
    trust: row.trust,
    sale: optionalMoney(row.sale_minor, row.sale_currency),
    reward: optionalMoney(row.reward_minor, row.reward_currency),
    commission:
      row.state === null
        ? null
        : {
            amount: { minor: BigInt(row.amount_minor), currency: row.currency },
            state: row.state,
            approved: row.approved,
            holdUntil: new Date(row.hold_until),
          },
    unattributedReason: row.unattributed_reason,
    unpricedReason: row.unpriced_reason,
    eventAt: new Date(row.event_at),
    updatedAt: new Date(row.updated_at),
    cursor: `${row.updated_at} ${row.id}`,
  }));
}

function conditionOf(filter: ConversionFilter): SQL {
  const conditions: SQL[] = [
    ...(filter.status ? [sql`c.network_status = ${filter.status}`] : []),
    ...(filter.attention === "parked" ? [sql`c.affiliate_id is null`] : []),
    ...(filter.attention === "unpriced" ? [sql`c.unpriced_reason is not null`] : []),
    ...(filter.affiliateId ? [sql`c.affiliate_id = ${filter.affiliateId}`] : []),
    ...(filter.order ? [sql`starts_with(c.external_id, ${filter.order})`] : []),
    ...(filter.after ? [afterCursor(filter.after)] : []),
  ];
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}

function afterCursor(cursor: string): SQL {
  const cut = cursor.lastIndexOf(" ");
  return sql`(c.updated_at, c.id) < (${cursor.slice(0, cut)}::timestamptz, ${cursor.slice(cut + 1)})`;
}

async function changesOf(tx: Tx, conversionId: string): Promise<ConversionChange[]> {
  const rows = await queryRows<{
    id: string;
    version: number;
    delivery_id: string;
    applied: boolean;
    from_status: NetworkStatus | null;
    to_status: NetworkStatus;
    trust: Trust;
    sale_minor: string | null;
    sale_currency: string | null;
    reward_minor: string | null;
    reward_currency: string | null;
    event_at: string;
    created_at: string;
  }>(tx, sql`select * from conversion_changes where conversion_id = ${conversionId} order by version`);
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    deliveryId: row.delivery_id,
    applied: row.applied,
    fromStatus: row.from_status,
    toStatus: row.to_status,
    trust: row.trust,
    sale: optionalMoney(row.sale_minor, row.sale_currency),
    reward: optionalMoney(row.reward_minor, row.reward_currency),
    eventAt: new Date(row.event_at),
    recordedAt: new Date(row.created_at),
  }));
}

type Names = {
  source_name: string;
  program_name: string;
  affiliate_name: string | null;
  clicked_at: string | null;
  created_at: string;
  updated_at: string;
};

type SummaryRow = {
  id: string;
  external_id: string;
  source_name: string;
  affiliate_id: string | null;
  affiliate_name: string | null;
  network_status: NetworkStatus;
  trust: Trust;
  sale_minor: string | null;
  sale_currency: string | null;
  reward_minor: string | null;
  reward_currency: string | null;
  unattributed_reason: string | null;
  unpriced_reason: string | null;
  event_at: string;
  updated_at: string;
} & (
  | { state: null }
  | { state: string; amount_minor: string; currency: string; approved: boolean; hold_until: string }
);
