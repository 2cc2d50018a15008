import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { Money } from "@/server/money";
import type { RuleVersion } from "./rules/choose-rule";

export type Program = { id: string; name: string; currency: string; timeZone: string; minimums: Money[] };

/** Every program of the organization with the currencies it pays in and the minimum of each. */
export async function listPrograms(tx: Tx): Promise<Program[]> {
  const rows = await queryRows<{
    id: string;
    name: string;
    currency: string;
    time_zone: string;
    minimums: { currency: string; minor: string }[];
  }>(
    tx,
    sql`select p.id, p.name, p.currency, p.time_zone,
          coalesce(jsonb_agg(jsonb_build_object('currency', c.currency, 'minor', c.minimum_payout_minor::text) order by c.currency)
            filter (where c.currency is not null), '[]') as minimums
        from programs p left join program_currencies c on c.program_id = p.id group by p.id order by p.name, p.id`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    currency: row.currency,
    timeZone: row.time_zone,
    minimums: row.minimums.map((m) => ({ minor: BigInt(m.minor), currency: m.currency })),
  }));
}

/** All rule versions of some programs, each with its rule's name and scope. */
export async function ruleVersionsOf(tx: Tx, programIds: readonly string[]): Promise<RuleVersion[]> {
  if (programIds.length === 0) return [];
  const rows = await queryRows<{
    id: string;
    program_id: string;
    source_id: string | null;
    name: string;
    version: number;
    kind: "percentage" | "flat";
    base: "sale" | "reward";
    rate_ppm: string | null;
    flat_minor: string | null;
    flat_currency: string | null;
    hold_days: number;
    effective_from: string;
    time_zone: string;
  }>(
    tx,
    sql`select v.id, r.program_id, r.source_id, r.name, v.version, v.kind, v.base, v.rate_ppm, v.flat_minor, v.flat_currency, v.hold_days,
          v.effective_from, p.time_zone
        from rule_versions v join rules r on r.id = v.rule_id join programs p on p.id = r.program_id where r.program_id in ${programIds}`,
  );
  return rows.map((row) => ({
    id: row.id,
    programId: row.program_id,
    sourceId: row.source_id,
    name: row.name,
    version: row.version,
    base: row.base,
    pays:
      row.kind === "percentage"
        ? { kind: "percentage", ratePpm: BigInt(row.rate_ppm ?? "") }
        : { kind: "flat", amount: { minor: BigInt(row.flat_minor ?? ""), currency: row.flat_currency ?? "" } },
    holdDays: row.hold_days,
    effectiveFrom: new Date(row.effective_from),
    timeZone: row.time_zone,
  }));
}
