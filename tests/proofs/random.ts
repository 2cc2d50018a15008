/** Chance that a seed repeats exactly. */
export type Random = {
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number;
  /** From 0 to `max`, both included, all magnitudes about as often. */
  amount(max: bigint): bigint;
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
};

/** A stream of chance (mulberry32), the same for the same seed. Not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  const pick = <T>(list: readonly T[]): T => {
    const chosen = list[int(list.length)];
    if (chosen === undefined) throw new Error("nothing to pick from: the list is empty");
    return chosen;
  };
  return {
    int,
    pick,
    amount(max) {
      // Money is small more often than huge, and both ends are where rounding errs.
      const digits = 1 + int(max.toString().length);
      let text = "";
      while (text.length < digits) text += String(int(10));
      const drawn = BigInt(text);
      return drawn > max ? drawn % (max + 1n) : drawn;
    },
    shuffled(list) {
      const copy = [...list];
      for (let last = copy.length - 1; last > 0; last--) {
        const other = int(last + 1);
        [copy[last], copy[other]] = [copy[other] as (typeof copy)[number], copy[last] as (typeof copy)[number]];
      }
      return copy;
    },
  };
}
