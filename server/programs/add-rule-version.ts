import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { newId } from "@/server/ids";
import type { Money, RatePpm } from "@/server/money";

export type NewRuleVersion = {
  programId: string;
  /** For one source only; null for the whole program. */
  sourceId: string | null;
  name: string;
  base: "sale" | "reward";
  pays: { kind: "percentage"; ratePpm: RatePpm } | { kind: "flat"; amount: Money };
  holdDays: number;
  effectiveFrom: Date;
};

/** Says what affiliates earn from a moment on: a new rule, or the next version of the rule of that name in the program.
 *  Earlier versions stay, so that every commission keeps its explanation.
 *  Errors: not_found (program), invalid_input (hold days outside 0 to 730). */
export async function addRuleVersion(
  tx: Tx,
  input: NewRuleVersion,
  now: Date,
): Promise<{ ruleVersionId: string; version: number }> {
  if (!Number.isInteger(input.holdDays) || input.holdDays < 0 || input.holdDays > 730) {
    throw new Refusal("invalid_input", `rule "${input.name}": ${input.holdDays} hold days; a hold lasts 0 to 730 days`);
  }
  const programs = await queryRows(tx, sql`select id from programs where id = ${input.programId} for update`);
  if (programs.length === 0) throw new Refusal("not_found", `program ${input.programId} does not exist`);
  const ruleId = await findOrCreateRule(tx, input, now);
  const ruleVersionId = newId("rlv", now);
  const { pays } = input;
  const [row] = await queryRows<{ version: number }>(
    tx,
    sql`insert into rule_versions (id, rule_id, version, kind, base, rate_ppm, flat_minor, flat_currency, hold_days, effective_from, created_at)
        select ${ruleVersionId}, ${ruleId}, coalesce(max(version), 0) + 1, ${pays.kind}, ${input.base},
          ${pays.kind === "percentage" ? pays.ratePpm : null}::bigint, ${pays.kind === "flat" ? pays.amount.minor : null}::bigint,
          ${pays.kind === "flat" ? pays.amount.currency : null}, ${input.holdDays}::int, ${input.effectiveFrom.toISOString()}::timestamptz,
          ${now.toISOString()}::timestamptz
        from rule_versions where rule_id = ${ruleId} returning version`,
  );
  return { ruleVersionId, version: row?.version ?? 1 };
}

async function findOrCreateRule(tx: Tx, input: NewRuleVersion, now: Date): Promise<string> {
  const [existing] = await queryRows<{ id: string }>(
    tx,
    sql`select id from rules where program_id = ${input.programId} and name = ${input.name} and source_id is not distinct from ${input.sourceId}`,
  );
  if (existing) return existing.id;
  const id = newId("rul", now);
  await tx.execute(
    sql`insert into rules (id, program_id, source_id, name, created_at)
        values (${id}, ${input.programId}, ${input.sourceId}, ${input.name}, ${now.toISOString()}::timestamptz)`,
  );
  return id;
}
