import fc from "fast-check";
import { expect, test } from "vitest";
import { allocate, currencyCodes, money, type Share } from "@/server/money";

const splits: [what: string, wholeMinor: bigint, weights: Record<string, bigint>, parts: bigint[]][] = [
  ["even", 100n, { a: 1n, b: 1n }, [50n, 50n]],
  ["the cent over goes to the first id", 100n, { a: 1n, b: 1n, c: 1n }, [34n, 33n, 33n]],
  ["ids decide, not the order given", 100n, { c: 1n, b: 1n, a: 1n }, [33n, 33n, 34n]],
  ["the largest remainder first", 10n, { a: 1n, b: 5n }, [2n, 8n]],
  ["a share of nothing gets nothing", 7n, { a: 0n, b: 2n, c: 1n }, [0n, 5n, 2n]],
  ["a debt splits as its mirror image", -100n, { a: 1n, b: 1n, c: 1n }, [-34n, -33n, -33n]],
  ["nothing splits into nothing", 0n, { a: 1n, b: 2n }, [0n, 0n]],
];

test.each(splits)("%s: %s minor units", (_what, wholeMinor, weights, parts) => {
  const shares = Object.entries(weights).map(([id, weight]) => ({ id, weight }));
  expect(allocate(money(wholeMinor, "EUR"), shares)).toEqual(parts.map((minor) => ({ minor, currency: "EUR" })));
});

const sharesOf = fc
  .array(fc.record({ id: fc.string({ maxLength: 4 }), weight: fc.bigInt(0n, 10n ** 12n) }), {
    minLength: 1,
    maxLength: 40,
  })
  .filter((shares) => shares.some((share) => share.weight > 0n));
const wholeMinors = fc.bigInt(-(10n ** 17n), 10n ** 17n);

test("the parts sum to the whole in every currency, and none is a minor unit away from its exact share", () => {
  const currencies = currencyCodes();
  fc.assert(
    fc.property(wholeMinors, sharesOf, (minor, shares) => {
      const total = shares.reduce((sum, share) => sum + share.weight, 0n);
      for (const currency of currencies) {
        const parts = allocate({ minor, currency }, shares);
        expect(parts.reduce((sum, part) => sum + part.minor, 0n)).toBe(minor);
        expect(parts.every((part) => part.currency === currency)).toBe(true);
        for (const [index, part] of parts.entries()) {
          const error = part.minor * total - minor * (shares[index]?.weight ?? 0n);
          expect((error < 0n ? -error : error) < total).toBe(true);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("the order in which takers are listed changes nobody's part", () => {
  const distinct = fc.uniqueArray(fc.record({ id: fc.string({ maxLength: 6 }), weight: fc.bigInt(1n, 9n) }), {
    minLength: 1,
    selector: (share) => share.id,
  });
  fc.assert(
    fc.property(wholeMinors, distinct, (minor, shares) => {
      expect(partsById(minor, shares.toReversed())).toEqual(partsById(minor, shares));
    }),
  );
});

test.each<[string, Share[]]>([
  ["nobody", []],
  ["weights that sum to zero", [{ id: "a", weight: 0n }]],
  [
    "a negative weight",
    [
      { id: "a", weight: 2n },
      { id: "b", weight: -1n },
    ],
  ],
])("a split among %s is refused", (_what, shares) => {
  expect(() => allocate(money(100n, "EUR"), shares)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

function partsById(minor: bigint, shares: readonly Share[]): Map<string, bigint> {
  const parts = allocate({ minor, currency: "EUR" }, shares);
  return new Map(shares.map((share, index) => [share.id, parts[index]?.minor ?? 0n] as const).sort());
}
