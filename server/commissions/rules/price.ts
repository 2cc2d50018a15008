import { applyRate, exactShare, type Money } from "@/server/money";
import type { RuleTerms } from "./types";

/** How an amount came about, in parts that can be shown and recomputed. Amounts are decimal texts of minor units. */
export type Trace = {
  ruleName: string;
  ruleVersion: number;
  kind: "percentage" | "flat";
  base: "sale" | "reward";
  baseMinor: string;
  baseCurrency: string;
  ratePpm: string | null;
  exactNumerator: string | null;
  rounding: "half-even";
  resultMinor: string;
  currency: string;
};

export type Price = { kind: "priced"; amount: Money; trace: Trace } | { kind: "unpriced"; reason: string };

/** The commission that a rule gives on a conversion. A percentage rounds once, half to even, to the minor unit; a flat amount is
 *  paid whole, in its own currency. Unpriced when the source never reported the rule's base. */
export function price(terms: RuleTerms, conversion: { sale: Money | null; reward: Money | null }): Price {
  const base = terms.base === "sale" ? conversion.sale : conversion.reward;
  if (base === null) {
    return {
      kind: "unpriced",
      reason: `rule "${terms.name}" takes its base from the ${terms.base}, and the source reported none`,
    };
  }
  const { pays } = terms;
  const amount = pays.kind === "percentage" ? applyRate(base, pays.ratePpm) : pays.amount;
  return {
    kind: "priced",
    amount,
    trace: {
      ruleName: terms.name,
      ruleVersion: terms.version,
      kind: pays.kind,
      base: terms.base,
      baseMinor: base.minor.toString(),
      baseCurrency: base.currency,
      ratePpm: pays.kind === "percentage" ? pays.ratePpm.toString() : null,
      exactNumerator: pays.kind === "percentage" ? exactShare(base, pays.ratePpm).numeratorMinor.toString() : null,
      rounding: "half-even",
      resultMinor: amount.minor.toString(),
      currency: amount.currency,
    },
  };
}
