import { type SQL, sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { FindingRow, LastBatch } from "./output";

/** Findings of a batch by affiliate, after the last one of the page before; all, or only what kept somebody out. */
export async function listFindings(
  tx: Tx,
  input: {
    batchId: string;
    onlyBlocking: boolean;
    after: { affiliateId: string; validator: string } | null;
    limit: number;
  },
): Promise<FindingRow[]> {
  const blocking = input.onlyBlocking ? sql`f.blocks` : sql`true`;
  const after = input.after
    ? sql`(f.affiliate_id, f.validator) > (${input.after.affiliateId}, ${input.after.validator})`
    : sql`true`;
  return readFindings(
    tx,
    sql`f.batch_id = ${input.batchId} and ${blocking} and ${after} order by f.affiliate_id, f.validator limit ${input.limit}`,
  );
}

/** What the last batch made of an affiliate, as that affiliate may know it. null: no approved batch has considered it yet. */
export async function lastBatchOf(tx: Tx, affiliateId: string): Promise<LastBatch> {
  const [row] = await queryRows<{
    id: string;
    program_name: string;
    cut_off: string;
    approved_at: string;
    payout_id: string | null;
  }>(
    tx,
    sql`select b.id, g.name as program_name, b.cut_off, b.approved_at, (select p.id from payouts p where p.batch_id = b.id
            and p.affiliate_id = ${affiliateId} and p.state <> 'canceled' order by p.created_at desc, p.id desc limit 1) as payout_id
        from payout_batches b join programs g on g.id = b.program_id
        where b.state in ('approved', 'finished') and (
          exists (select from batch_findings f where f.affiliate_id = ${affiliateId} and f.batch_id = b.id)
          or exists (select from payouts p where p.affiliate_id = ${affiliateId} and p.batch_id = b.id))
        order by b.approved_at desc, b.id desc limit 1`,
  );
  if (!row) return null;
  const findings = await readFindings(
    tx,
    sql`f.batch_id = ${row.id} and f.affiliate_id = ${affiliateId} order by f.blocks desc, f.validator`,
  );
  return {
    programName: row.program_name,
    cutOff: new Date(row.cut_off),
    approvedAt: new Date(row.approved_at),
    payoutId: row.payout_id,
    findings: findings.map(({ validator, blocks, finding, held }) => ({ validator, blocks, finding, held })),
  };
}

async function readFindings(tx: Tx, rest: SQL): Promise<FindingRow[]> {
  const rows = await queryRows<{
    affiliate_id: string;
    affiliate_name: string;
    validator: FindingRow["validator"];
    blocks: boolean;
    finding: string;
    amount_minor: string;
    held_minor: string;
    currency: string;
  }>(
    tx,
    sql`select f.affiliate_id, a.name as affiliate_name, f.validator, f.blocks, f.finding, f.amount_minor, f.held_minor, b.currency
        from batch_findings f join payout_batches b on b.id = f.batch_id join affiliates a on a.id = f.affiliate_id where ${rest}`,
  );
  return rows.map((row) => ({
    affiliateId: row.affiliate_id,
    affiliateName: row.affiliate_name,
    validator: row.validator,
    blocks: row.blocks,
    finding: row.finding,
    due: { minor: BigInt(row.amount_minor), currency: row.currency },
    held: { minor: BigInt(row.held_minor), currency: row.currency },
  }));
}
