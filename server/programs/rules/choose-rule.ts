import type { Money, RatePpm } from "@/server/money";

/** One version of a rule as commissions use it. */
export type RuleVersion = {
  readonly id: string;
  readonly programId: string;
  /** Set when the rule is for one source only. */
  readonly sourceId: string | null;
  readonly name: string;
  readonly version: number;
  readonly base: "sale" | "reward";
  readonly pays: { kind: "percentage"; ratePpm: RatePpm } | { kind: "flat"; amount: Money };
  readonly holdDays: number;
  readonly effectiveFrom: Date;
  readonly timeZone: string;
};

/** The version in force when the sale happened: of the rule for its source if there is one, else of the program's rule;
 *  the latest that had taken effect, ties by id. Undefined when none had. */
export function chooseRule(
  versions: readonly RuleVersion[],
  sale: { programId: string; sourceId: string; eventAt: Date },
): RuleVersion | undefined {
  const inForce = versions
    .filter((v) => v.programId === sale.programId && v.effectiveFrom.getTime() <= sale.eventAt.getTime())
    .filter((v) => v.sourceId === null || v.sourceId === sale.sourceId)
    .sort(
      (a, b) =>
        Number(b.sourceId !== null) - Number(a.sourceId !== null) ||
        b.effectiveFrom.getTime() - a.effectiveFrom.getTime() ||
        b.version - a.version ||
        (a.id < b.id ? -1 : 1),
    );
  return inForce[0];
}
