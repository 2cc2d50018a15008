import { Refusal } from "@/server/errors";
import type { Money } from "./money";

/** A rate in parts per million: 3.125 % is 31_250n. */
export type RatePpm = bigint;

const PPM = 1_000_000n;

/** The exact product before rounding: `numeratorMinor / 1_000_000` minor units. */
export function exactShare(base: Money, rate: RatePpm): { numeratorMinor: bigint; denominator: bigint } {
  return { numeratorMinor: base.minor * rate, denominator: PPM };
}

/** base × rate, rounded once, half to even, to the minor unit. Works on negative amounts as the mirror image.
 *  Errors: invalid_input (negative rate). */
export function applyRate(base: Money, rate: RatePpm): Money {
  if (rate < 0n) throw new Refusal("invalid_input", `a rate of ${rate} ppm is negative: rates are 0 or more`);
  return { minor: divideHalfEven(base.minor * rate, PPM), currency: base.currency };
}

/** numerator / denominator rounded half to even (banker's rounding, as in IEEE 754 roundTiesToEven). */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const quotient = n / d;
  const twice = (n % d) * 2n;
  const roundUp = twice > d || (twice === d && quotient % 2n === 1n);
  const magnitude = roundUp ? quotient + 1n : quotient;
  return negative ? -magnitude : magnitude;
}

/** A percentage in the strict grammar ("3.125") as parts per million. Errors: invalid_input. */
export function parsePercentage(text: string): RatePpm {
  const match = /^(\d{1,3})(?:\.(\d{1,4}))?$/.exec(text);
  if (!match) throw new Refusal("invalid_input", `"${text}" is not a percentage: digits, at most four after the point`);
  return BigInt(match[1] ?? "0") * 10_000n + BigInt((match[2] ?? "").padEnd(4, "0"));
}

/** Parts per million as a percentage in words: 31_250n → "3.125 %". */
export function formatPercentage(rate: RatePpm): string {
  const whole = rate / 10_000n;
  const fraction = (rate % 10_000n).toString().padStart(4, "0").replace(/0+$/, "");
  return `${whole}${fraction === "" ? "" : `.${fraction}`} %`;
}
