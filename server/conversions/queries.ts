import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { type Money, optionalMoney } from "@/server/money";
import { type Conversion, type ConversionRow, toConversion } from "./conversion-row";
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
