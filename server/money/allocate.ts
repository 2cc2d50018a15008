import { Refusal } from "@/server/errors";
import type { Money } from "./money";

/** One taker of a split: `id` breaks ties, `weight` is its share of the whole. */
export type Share = { readonly id: string; readonly weight: bigint };

/** Splits an amount by weights so that the parts sum to the whole (largest remainder, ties by id).
 *  Guarantees: same input, same parts, in the order given; no part differs from its exact share by a minor unit or more.
 *  Errors: invalid_input (no shares, a negative weight, weights that sum to zero). */
export function allocate(whole: Money, shares: readonly Share[]): Money[] {
  const total = shares.reduce((sum, share) => sum + share.weight, 0n);
  if (shares.some((share) => share.weight < 0n) || total <= 0n) {
    throw new Refusal(
      "invalid_input",
      `cannot split by ${shares.length} shares of total weight ${total}: weights are 0 or more and not all 0`,
    );
  }
  const sign = whole.minor < 0n ? -1n : 1n;
  const magnitude = whole.minor * sign;
  const parts = shares.map((share, index) => ({
    index,
    id: share.id,
    minor: (magnitude * share.weight) / total,
    remainder: (magnitude * share.weight) % total,
  }));
  let left = magnitude - parts.reduce((sum, part) => sum + part.minor, 0n);
  const takers = [...parts].sort((a, b) =>
    a.remainder === b.remainder ? compareIds(a.id, b.id) : a.remainder > b.remainder ? -1 : 1,
  );
  for (const taker of takers) {
    if (left === 0n) break;
    taker.minor += 1n;
    left -= 1n;
  }
  return parts.map((part) => ({ minor: part.minor * sign, currency: whole.currency }));
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
