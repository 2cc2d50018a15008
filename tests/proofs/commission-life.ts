import { type Effect, firstHolding, nextHolding, releasedHolding } from "@/server/commissions/rules/next-holding";
import { movement, type PositionLine, positionOf } from "@/server/commissions/rules/position";
import { price } from "@/server/commissions/rules/price";
import type { Holding, RuleTerms, Says } from "@/server/commissions/rules/types";
import { checkTransaction } from "@/server/ledger/rules/check-transaction";
import type { Random } from "./random";

const OWNERS = { affiliateId: "aff", programId: "prg", sourceId: "src" };
const STEPS_MAX = 8;
const STATUSES = ["pending", "approved", "approved", "declined", "reversed"] as const;
const AMOUNT_MAX = 10n ** 15n;

/** What one life met, by name. */
type Met = (name: string) => void;

/** Leads one commission through a drawn life to its end (accrued, adjusted, released, taken back, given again, and taken back for
 *  good) by the product's rules, and keeps its accounts as the ledger would. Returns the minor units that are left over
 *  anywhere: in a transaction, between accounts and position, between the rounded amount and exact arithmetic, and on any
 *  account when nothing is owed any more. */
export function residueOfLife(random: Random, currency: string, other: string, met: Met): bigint {
  const rewardCurrency = random.int(6) === 0 ? other : random.int(5) === 0 ? null : currency;
  const rule = drawRule(random, currency, rewardCurrency === currency && random.int(2) === 0 ? "reward" : "sale");
  const books = new Map<string, bigint>();
  let held: Holding | null = null;
  let says: Says | null = null;
  let residue = 0n;
  const steps = 2 + random.int(STEPS_MAX - 1);
  for (let step = 0; step <= steps; step++) {
    const isLast = step === steps;
    says = drawSays(random, currency, rewardCurrency, isLast, says);
    const priced = price(rule, says);
    if (priced.kind === "unpriced") return 1n;
    if (rule.pays.kind === "percentage") {
      const base = rule.base === "sale" ? says.sale : says.reward;
      residue += distance(priced.amount.minor, roundedByHand(base?.minor ?? 0n, rule.pays.ratePpm));
    }
    const before: Holding | null = held;
    const effect: Effect | null =
      before === null ? firstHolding(says, priced.amount) : nextHolding(before, says, priced.amount);
    if (effect === null) continue;
    met(before?.released && effect.payableDelta.minor < 0n ? "taken back after release" : `life: ${effect.kind}`);
    residue += book(books, movement(before && positionOf(before, OWNERS), positionOf(effect.next, OWNERS)));
    held = effect.next;
    const release: Effect | null = !isLast && random.int(3) === 0 ? releasedHolding(held) : null;
    if (release === null) continue;
    met("life: release");
    residue += book(books, movement(positionOf(held, OWNERS), positionOf(release.next, OWNERS)));
    residue += distance(release.heldDelta.minor, -release.payableDelta.minor);
    held = release.next;
  }
  if (held === null) return residue;
  // The last report took everything back: whatever an account still holds was made or lost on the way.
  return [...books.values()].reduce((sum, balance) => sum + distance(balance, 0n), residue);
}

/** Half to even, written apart from the product: up at half, then back from an odd result of an exact half. */
export function roundedByHand(baseMinor: bigint, ratePpm: bigint): bigint {
  const sign = baseMinor < 0n ? -1n : 1n;
  const millionths = baseMinor * sign * ratePpm;
  const up = (millionths + 500_000n) / 1_000_000n;
  const isHalf = millionths % 1_000_000n === 500_000n;
  return sign * (isHalf && up % 2n === 1n ? up - 1n : up);
}

/** How far apart two amounts are. */
export function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b;
}

function book(books: Map<string, bigint>, lines: readonly PositionLine[]): bigint {
  if (lines.length === 0) return 0n;
  const sums = new Map<string, bigint>();
  for (const { kind, ownerId, amount } of lines) {
    const account = `${kind} ${ownerId} ${amount.currency}`;
    books.set(account, (books.get(account) ?? 0n) + amount.minor);
    sums.set(amount.currency, (sums.get(amount.currency) ?? 0n) + amount.minor);
  }
  const residue = [...sums.values()].reduce((sum, left) => sum + distance(left, 0n), 0n);
  if (residue === 0n) {
    // What balances must also pass the ledger's own door.
    checkTransaction({
      causeId: "eff",
      purpose: "proof",
      eventAt: new Date(0),
      lines: lines.map(({ kind, ownerId, amount }) => ({ account: { kind, ownerId }, amount })),
    });
  }
  return residue;
}

function drawRule(random: Random, currency: string, base: RuleTerms["base"]): RuleTerms {
  const pays =
    random.int(8) === 0
      ? ({ kind: "flat", amount: { minor: random.amount(10n ** 9n), currency } } as const)
      : ({ kind: "percentage", ratePpm: drawRate(random) } as const);
  return { name: "drawn", version: 1, base, pays };
}

/** Often a rate of few digits: those are the ones that meet exact halves. */
export function drawRate(random: Random): bigint {
  return random.int(2) === 0 ? BigInt(random.int(41)) * 50_000n : random.amount(2_000_000n);
}

/** What a source says next: often the amounts it said before, so that only its word or its trust changes. */
function drawSays(
  random: Random,
  currency: string,
  rewardCurrency: string | null,
  isLast: boolean,
  before: Says | null,
): Says {
  const isRepeat = before !== null && random.int(3) === 0;
  return {
    status: isLast ? random.pick(["declined", "reversed"]) : random.pick(STATUSES),
    trust: random.pick(["claimed", "claimed", "confirmed"]),
    sale: isRepeat ? before.sale : { minor: random.amount(AMOUNT_MAX), currency },
    reward: isRepeat
      ? before.reward
      : rewardCurrency === null
        ? null
        : { minor: random.amount(AMOUNT_MAX), currency: rewardCurrency },
  };
}
