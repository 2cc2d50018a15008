import { sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { assertInvariant } from "@/server/errors";
import { newId } from "@/server/ids";
import { chooseRule, type RuleVersion, ruleVersionsOf } from "@/server/programs";
import { daysLater } from "@/server/time";
import { type Commission, type CommissionRow, SELECT_ACCRUAL, toCommission } from "./commission-row";
import { firstHolding, nextHolding, retimedHolding, staysReleased } from "./rules/next-holding";
import { price } from "./rules/price";
import type { Says } from "./rules/types";
import { type PlannedEffect, writeEffects } from "./write-effects";

/** A conversion with an affiliate, as the source tells it now, and the change that made it so. */
export type AttributedConversion = {
  conversionId: string;
  changeId: string;
  sourceId: string;
  programId: string;
  affiliateId: string;
  /** The source's own id of the conversion, for telling. */
  order: string;
  says: Says;
  /** When the sale happened: decides the rule version and the start of the hold. */
  saleAt: Date;
  /** When the source said so. */
  eventAt: Date;
};

/** Why a conversion has no commission although somebody is credited; null when it has one or needs none. */
export type CommissionOutcome = { conversionId: string; unpricedReason: string | null };

/** Brings commissions in line with what the sources say now: accrues, adjusts, approves, declines, reverses or reinstates, at
 *  most one movement per conversion. Until its release a commission has the rule version and the hold of the time at which the sale
 *  happened, even where an earlier report turns up late. The caller holds the locks on the conversions; each stands at most once in `conversions`.
 *  Errors: currency_mismatch (an amount changed currency). */
export async function updateCommissions(
  tx: Tx,
  conversions: readonly AttributedConversion[],
  now: Date,
): Promise<CommissionOutcome[]> {
  if (conversions.length === 0) return [];
  const held = await lockCommissions(tx, conversions);
  const versions = await ruleVersionsOf(tx, [...new Set(conversions.map((c) => c.programId))]);
  const planned: PlannedEffect[] = [];
  const outcomes = conversions.map((conversion) => {
    const commission = held.get(conversion.conversionId);
    const plan = commission ? planNext(commission, conversion, versions) : planFirst(conversion, versions, now);
    if (plan.kind === "effect") planned.push(plan.planned);
    return { conversionId: conversion.conversionId, unpricedReason: plan.kind === "unpriced" ? plan.reason : null };
  });
  await writeEffects(tx, planned, now);
  return outcomes;
}

type Plan = { kind: "effect"; planned: PlannedEffect } | { kind: "none" } | { kind: "unpriced"; reason: string };

function planFirst(conversion: AttributedConversion, versions: readonly RuleVersion[], now: Date): Plan {
  const { says } = conversion;
  const rule = chooseRule(versions, { ...conversion, eventAt: conversion.saleAt });
  if (!rule) {
    const day = conversion.saleAt.toISOString().slice(0, 10);
    return { kind: "unpriced", reason: `no commission rule of program ${conversion.programId} was in force on ${day}` };
  }
  const priced = price(rule, says);
  if (priced.kind === "unpriced") return priced;
  const effect = firstHolding(says, priced.amount);
  if (!effect) return { kind: "none" };
  const commission: Commission = {
    ...conversion,
    id: newId("com", now),
    ruleVersionId: rule.id,
    holding: effect.next,
    holdUntil: daysLater(conversion.saleAt, rule.holdDays, rule.timeZone),
    trace: priced.trace,
    version: 0,
    eventAt: conversion.saleAt,
    accrualId: null,
  };
  return toPlan(commission, conversion, effect);
}

function planNext(held: Commission, conversion: AttributedConversion, versions: readonly RuleVersion[]): Plan {
  const retimed = retime(held, conversion, versions);
  const commission = retimed ?? held;
  const rule = versions.find((version) => version.id === commission.ruleVersionId);
  assertInvariant(
    rule,
    `commission ${commission.id} names rule version ${commission.ruleVersionId}, which does not exist`,
  );
  const priced = price(rule, conversion.says);
  if (priced.kind === "unpriced") return priced;
  const effect =
    nextHolding(held.holding, conversion.says, priced.amount) ?? (retimed ? retimedHolding(held.holding) : null);
  return effect ? toPlan({ ...commission, trace: priced.trace }, conversion, effect) : { kind: "none" };
}

/** The commission under rule and hold of a sale that turns out to have happened at another time. Undefined when it has not, when the
 *  commission is released (what was told payable is not priced anew), and when no rule in force at that time can price it in its
 *  currency: then it keeps the rule it has. */
function retime(
  commission: Commission,
  conversion: AttributedConversion,
  versions: readonly RuleVersion[],
): Commission | undefined {
  const { saleAt, says } = conversion;
  if (saleAt.getTime() === commission.eventAt.getTime()) return undefined;
  if (staysReleased(commission.holding, says.status)) return undefined;
  const rule = chooseRule(versions, { ...conversion, eventAt: saleAt });
  if (!rule) return undefined;
  const priced = price(rule, says);
  if (priced.kind === "unpriced" || priced.amount.currency !== commission.holding.amount.currency) return undefined;
  return {
    ...commission,
    ruleVersionId: rule.id,
    holdUntil: daysLater(saleAt, rule.holdDays, rule.timeZone),
    eventAt: saleAt,
  };
}

function toPlan(commission: Commission, conversion: AttributedConversion, effect: PlannedEffect["effect"]): Plan {
  return {
    kind: "effect",
    planned: { commission, effect, changeId: conversion.changeId, eventAt: conversion.eventAt },
  };
}

async function lockCommissions(tx: Tx, conversions: readonly AttributedConversion[]): Promise<Map<string, Commission>> {
  const rows = await queryRows<CommissionRow>(
    tx,
    sql`select c.*, v.external_id, ${SELECT_ACCRUAL} as accrual_id
        from commissions c join conversions v on v.id = c.conversion_id
        where c.conversion_id in (select id from ${jsonRows(conversions.map((c) => ({ id: c.conversionId })))} as w(id text))
        order by c.id for update of c`,
  );
  return new Map(rows.map((row) => [row.conversion_id, toCommission(row)]));
}
