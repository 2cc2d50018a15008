import { exponentOf, formatPercentage, toDecimal } from "@/server/money";
import type { Trace } from "./price";

/** How an amount came about, in words that can be checked by hand: rule and version, base, rate, the exact product and the rounding. */
export function explain(trace: Trace): string {
  const rule = `rule "${trace.ruleName}", version ${trace.ruleVersion}`;
  const result = `${toDecimal({ minor: BigInt(trace.resultMinor), currency: trace.currency })} ${trace.currency}`;
  if (trace.kind === "flat" || trace.ratePpm === null || trace.exactNumerator === null) {
    return `A flat ${result} for each approved ${trace.base} (${rule}).`;
  }
  const base = `${toDecimal({ minor: BigInt(trace.baseMinor), currency: trace.baseCurrency })} ${trace.baseCurrency}`;
  const exact = exactDecimal(BigInt(trace.exactNumerator), exponentOf(trace.currency));
  const product = `${formatPercentage(BigInt(trace.ratePpm))} of the ${trace.base} of ${base} is ${exact} ${trace.currency}`;
  const isExact = BigInt(trace.exactNumerator) % 1_000_000n === 0n;
  return isExact ? `${product} (${rule}).` : `${product}, rounded half to even to ${result} (${rule}).`;
}

/** minor units over 1,000,000 as a decimal in major units, without rounding and without trailing zeros beyond the currency's. */
function exactDecimal(numerator: bigint, exponent: number): string {
  const places = exponent + 6;
  const digits = numerator.toString().padStart(places + 1, "0");
  const whole = digits.slice(0, -places);
  const fraction = digits.slice(-places);
  const kept = fraction.slice(0, exponent) + fraction.slice(exponent).replace(/0+$/, "");
  return kept === "" ? whole : `${whole}.${kept}`;
}
