import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { firstHolding, nextHolding, releasedHolding } from "@/server/commissions/rules/next-holding";
import { movement, positionOf } from "@/server/commissions/rules/position";
import { price } from "@/server/commissions/rules/price";
import type { Holding, NetworkStatus, Says, Trust } from "@/server/commissions/rules/types";

const eur = (minor: bigint) => ({ minor, currency: "EUR" });
const says = (status: NetworkStatus, rewardMinor = 1_000n, trust: Trust = "claimed"): Says => ({
  status,
  trust,
  sale: null,
  reward: eur(rewardMinor),
});
const holding = (change: Partial<Holding> = {}): Holding => ({
  state: "held",
  amount: eur(500n),
  reward: eur(1_000n),
  trust: "claimed",
  approved: false,
  released: false,
  ...change,
});
const released = holding({ state: "payable", approved: true, released: true });
const paid = holding({ state: "paid", approved: true, released: true });
const declined = holding({ ...released, state: "void", amount: eur(0n), reward: eur(0n) });
const clawedBack = holding({ ...declined, state: "clawed_back" });
const voided = holding({ state: "void", amount: eur(0n), reward: eur(0n) });

describe("the difference between what the source says and what we hold", () => {
  // held, said, the amount its rule gives now → kind, next state, held and payable movements
  const cases: [string, Holding, Says, bigint, [string, string, bigint, bigint] | null][] = [
    ["the same again", holding(), says("pending"), 500n, null],
    ["approved", holding(), says("approved"), 500n, ["approve", "held", 0n, 0n]],
    ["approved with more", holding(), says("approved", 1_200n), 600n, ["adjust", "held", 100n, 0n]],
    ["less while held", holding(), says("pending", 800n), 400n, ["adjust", "held", -100n, 0n]],
    ["declined while held", holding(), says("declined"), 500n, ["decline", "void", -500n, 0n]],
    ["declined again", voided, says("declined"), 500n, null],
    ["approved after a decline", voided, says("approved"), 500n, ["reinstate", "held", 500n, 0n]],
    ["confirmed by the source", holding(), says("pending", 1_000n, "confirmed"), 500n, ["confirm", "held", 0n, 0n]],
    ["partial reversal when payable", released, says("approved", 600n), 300n, ["adjust", "payable", 0n, -200n]],
    ["reversed when payable", released, says("reversed"), 500n, ["reverse", "void", 0n, -500n]],
    [
      "reversed inside a batch",
      { ...released, state: "in_batch" },
      says("reversed"),
      500n,
      ["reverse", "clawed_back", 0n, -500n],
    ],
    ["reversed after payout", paid, says("reversed"), 500n, ["reverse", "clawed_back", 0n, -500n]],
    ["partial reversal after payout", paid, says("approved", 600n), 300n, ["adjust", "paid", 0n, -200n]],
    ["more after payout", paid, says("approved", 1_400n), 700n, ["adjust", "payable", 0n, 200n]],
    ["approved again after a clawback", clawedBack, says("approved"), 500n, ["reinstate", "payable", 0n, 500n]],
    ["pending again after approval", holding({ approved: true }), says("pending"), 500n, ["unapprove", "held", 0n, 0n]],
    ["pending again when payable", released, says("pending"), 500n, ["unapprove", "held", 500n, -500n]],
    ["pending again with more when payable", released, says("pending", 1_200n), 600n, ["adjust", "held", 600n, -500n]],
    [
      "pending again inside a batch",
      { ...released, state: "in_batch" },
      says("pending"),
      500n,
      ["unapprove", "in_batch", 0n, 0n],
    ],
    ["pending again after payout", paid, says("pending"), 500n, ["unapprove", "paid", 0n, 0n]],
    ["pending after a decline of what was payable", declined, says("pending"), 500n, ["reinstate", "held", 500n, 0n]],
    [
      "approved after a decline of what was payable",
      declined,
      says("approved"),
      500n,
      ["reinstate", "payable", 0n, 500n],
    ],
    ["pending again after a clawback", clawedBack, says("pending"), 500n, ["reinstate", "held", 500n, 0n]],
    ["declined again after a clawback", clawedBack, says("declined"), 500n, null],
    ["the reward alone changed", holding(), says("pending", 1_100n), 500n, ["adjust", "held", 0n, 0n]],
  ];
  test.each(cases)("%s", (_name, held, said, amountMinor, expected) => {
    const effect = nextHolding(held, said, eur(amountMinor));
    const shape = effect && [effect.kind, effect.next.state, effect.heldDelta.minor, effect.payableDelta.minor];
    expect(shape).toEqual(expected);
  });

  test("trust never falls back", () => {
    const effect = nextHolding(holding({ trust: "confirmed" }), says("approved"), eur(500n));
    expect(effect?.next.trust).toBe("confirmed");
  });

  test("an amount that changed its currency is refused", () => {
    expect(() => nextHolding(holding(), says("pending"), { minor: 500n, currency: "USD" })).toThrow(/USD and EUR/);
  });

  test("nothing accrues for what the source took back before we heard of it", () => {
    expect(firstHolding(says("declined"), eur(500n))).toBeNull();
  });

  const releases: [string, Holding, boolean][] = [
    ["held and approved", holding({ approved: true }), true],
    ["held, not approved", holding(), false],
    ["released before", released, false],
    ["void", voided, false],
  ];
  test.each(releases)("a hold that ends on a commission %s", (_name, held, ends) => {
    expect(releasedHolding(held) !== null).toBe(ends);
  });
});

describe("a commission's position in the ledger", () => {
  const owners = { affiliateId: "aff", programId: "prg", sourceId: "src" };
  const anyMoney = fc.record({
    minor: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    currency: fc.constantFrom("EUR", "JPY", "KWD"),
  });
  const anyHolding = fc.record({
    state: fc.constant<Holding["state"]>("held"),
    amount: anyMoney,
    reward: fc.option(anyMoney, { nil: null }),
    trust: fc.constantFrom<Trust>("claimed", "confirmed", "funded"),
    approved: fc.boolean(),
    released: fc.boolean(),
  });

  test("balances per currency whatever it holds, and so does every movement between two positions", () => {
    fc.assert(
      fc.property(anyHolding, anyHolding, (from, to) => {
        for (const lines of [positionOf(to, owners), movement(positionOf(from, owners), positionOf(to, owners))]) {
          const sums = new Map<string, bigint>();
          for (const { amount } of lines) sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.minor);
          expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
        }
      }),
    );
  });

  test("does not move when nothing changes", () => {
    expect(movement(positionOf(released, owners), positionOf(released, owners))).toEqual([]);
  });

  test("confirmed by the source moves the receivable and nothing else", () => {
    const lines = movement(positionOf(holding(), owners), positionOf(holding({ trust: "confirmed" }), owners));
    expect(lines.map((line) => [line.kind, line.amount.minor])).toEqual([
      ["network_receivable_claimed", -1_000n],
      ["network_receivable_confirmed", 1_000n],
    ]);
  });

  test("without a reward the share is an expense", () => {
    const lines = movement(null, positionOf(holding({ reward: null }), owners));
    expect(lines.map((line) => [line.kind, line.amount.minor])).toEqual([
      ["affiliate_held", -500n],
      ["commission_expense", 500n],
    ]);
  });

  test("paying more than the reward leaves a negative margin, still balanced", () => {
    const lines = movement(null, positionOf(holding({ amount: eur(1_500n) }), owners));
    expect(lines.find((line) => line.kind === "margin_held")?.amount.minor).toBe(500n);
  });
});

describe("a price", () => {
  const terms = {
    name: "Share",
    version: 2,
    base: "reward" as const,
    pays: { kind: "percentage" as const, ratePpm: 31_250n },
  };

  const rows: [bigint, bigint][] = [
    [1_600n, 50n],
    [80n, 2n],
    [16n, 0n],
    [48n, 2n],
    [0n, 0n],
  ];
  test.each(rows)("of 3.125 %% on %s minor units is %s, rounded half to even", (base, expected) => {
    const priced = price(terms, { sale: null, reward: eur(base) });
    expect(priced.kind === "priced" && priced.amount.minor).toBe(expected);
  });

  test("keeps rule version, base, rate, exact product and rounding", () => {
    const priced = price(terms, { sale: null, reward: eur(48n) });
    expect(priced.kind === "priced" && priced.trace).toMatchObject({
      ruleVersion: 2,
      baseMinor: "48",
      ratePpm: "31250",
      exactNumerator: "1500000",
      rounding: "half-even",
      resultMinor: "2",
    });
  });

  test("cannot be given when the source never reported the rule's base, and says so", () => {
    expect(price(terms, { sale: eur(100n), reward: null })).toEqual({
      kind: "unpriced",
      reason: 'rule "Share" takes its base from the reward, and the source reported none',
    });
  });
});
