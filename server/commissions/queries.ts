import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { Money } from "@/server/money";
import { type Commission, type CommissionRow, toCommission } from "./commission-row";
import type { Trace } from "./rules/price";
import type { EffectKind } from "./rules/types";

/** One movement of a commission. */
export type CommissionEffect = {
  id: string;
  version: number;
  kind: EffectKind;
  changeId: string | null;
  /** What was owed after it. */
  amount: Money;
  heldDelta: Money;
  payableDelta: Money;
  trace: Trace;
  eventAt: Date;
};

/** The commission of a conversion with all its movements, oldest first; undefined when it has none. */
export async function commissionOf(
  tx: Tx,
  conversionId: string,
): Promise<(Commission & { effects: CommissionEffect[] }) | undefined> {
  const [row] = await queryRows<CommissionRow>(
    tx,
    sql`select c.*, v.external_id, null as accrual_id from commissions c join conversions v on v.id = c.conversion_id where c.conversion_id = ${conversionId}`,
  );
  return row && { ...toCommission(row), effects: await effectsOf(tx, row.id) };
}

async function effectsOf(tx: Tx, commissionId: string): Promise<CommissionEffect[]> {
  const rows = await queryRows<{
    id: string;
    version: number;
    kind: EffectKind;
    change_id: string | null;
    currency: string;
    amount_minor: string;
    held_delta_minor: string;
    payable_delta_minor: string;
    trace: Trace;
    event_at: string;
  }>(tx, sql`select * from commission_effects where commission_id = ${commissionId} order by version`);
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    kind: row.kind,
    changeId: row.change_id,
    amount: { minor: BigInt(row.amount_minor), currency: row.currency },
    heldDelta: { minor: BigInt(row.held_delta_minor), currency: row.currency },
    payableDelta: { minor: BigInt(row.payable_delta_minor), currency: row.currency },
    trace: row.trace,
    eventAt: new Date(row.event_at),
  }));
}
