import { allocate, applyRate, currencyCodes, exponentOf, parseAmount, toDecimal } from "@/server/money";
import { checkAmountTable } from "./amount-table";
import { distance, drawRate, residueOfLife, roundedByHand } from "./commission-life";
import type { Figure, ProofOptions } from "./figure";
import { createRandom, type Random } from "./random";

const TRIALS = 120_000;
const TRIALS_MIN = 100_000;
const TRIALS_SMOKE = 8_000;
const AMOUNT_MAX = 10n ** 15n;
const WEIGHT_MAX = 10n ** 12n;

type Met = (name: string) => void;
type Trial = (random: Random, currency: string, met: Met, other: string) => bigint;

/** The minor units that a trial leaves over, which must be none. */
const KINDS: Readonly<Record<string, Trial>> = {
  split: residueOfSplit,
  rate: residueOfRate,
  text: residueOfText,
  life: (random, currency, met, other) => residueOfLife(random, currency, other, met),
};

/** Minor units lost or made by the rules of money, over every currency of the table; and the table of amounts as networks write them. */
export async function prove({ smoke, seed, trials: wanted }: ProofOptions): Promise<Figure> {
  const trials = wanted ?? (smoke ? TRIALS_SMOKE : TRIALS);
  const random = createRandom(seed);
  const currencies = currencyCodes();
  const kinds = Object.entries(KINDS);
  const hits = new Map<string, number>(CLASSES.map((name) => [name, 0]));
  const met: Met = (name) => hits.set(name, (hits.get(name) ?? 0) + 1);
  const notes: string[] = [];
  const seen = new Set<string>();
  let residue = 0n;
  for (let trial = 0; trial < trials; trial++) {
    const currency = currencies[trial % currencies.length] ?? "";
    const [kind, run] = kinds[Math.floor(trial / currencies.length) % kinds.length] ?? ["", () => 1n];
    const left = run(random, currency, met, random.pick(currencies.filter((code) => code !== currency)));
    if (left !== 0n && notes.length < 5)
      notes.push(`trial ${trial} (${kind}, ${currency}) left ${left} minor units over`);
    residue += left;
    seen.add(`${kind} ${currency}`);
    met(`trials: ${kind}`);
    met(`in a currency of ${exponentOf(currency)} digits`);
  }
  const table = checkAmountTable();
  hits.set("every currency by every kind", seen.size === kinds.length * currencies.length ? seen.size : 0);
  hits.set("rows of the amount table", table.rows);
  const right = table.rows - table.wrong.length;
  const percent = right === table.rows ? "100" : ((100 * right) / table.rows).toFixed(2);
  return {
    figure: "money",
    value: `${residue}; ${percent} %`,
    target: "0 of ≥ 100,000; 100 %",
    met: residue === 0n && table.wrong.length === 0 && (smoke || trials >= TRIALS_MIN),
    trials,
    hits: Object.fromEntries(hits),
    postgres: null,
    notes: [...notes, ...table.wrong],
  };
}

const CLASSES = [
  ...Object.keys(KINDS).map((kind) => `trials: ${kind}`),
  ...[0, 2, 3, 4].map((digits) => `in a currency of ${digits} digits`),
  "split with minor units over",
  "split of a debt",
  "rate at an exact half",
  "rate of a negative amount",
  ...["accrue", "adjust", "approve", "unapprove", "confirm", "decline", "reverse", "reinstate", "release"].map(
    (k) => `life: ${k}`,
  ),
  "taken back after release",
];

/** Parts must sum to the whole, and none may be a minor unit away from its exact share. */
function residueOfSplit(random: Random, currency: string, met: Met): bigint {
  const sign = random.int(4) === 0 ? -1n : 1n;
  const whole = { minor: sign * random.amount(AMOUNT_MAX), currency };
  const shares = Array.from({ length: 1 + random.int(12) }, (_, index) => ({
    id: `s${index}`,
    weight: random.amount(WEIGHT_MAX),
  }));
  shares.push({ id: "last", weight: 1n });
  const total = shares.reduce((sum, { weight }) => sum + weight, 0n);
  const parts = allocate(whole, shares);
  if (sign < 0n) met("split of a debt");
  if (shares.some(({ weight }) => (whole.minor * weight) % total !== 0n)) met("split with minor units over");
  const isOff = parts.some((part, index) => {
    const exact = whole.minor * (shares[index]?.weight ?? 0n);
    return part.currency !== currency || distance(part.minor * total, exact) >= total;
  });
  const sum = parts.reduce((all, part) => all + part.minor, 0n);
  return distance(sum, whole.minor) + (isOff ? 1n : 0n);
}

/** A rate must round once, half to even, and a reversal must be the exact mirror image of its sale. */
function residueOfRate(random: Random, currency: string, met: Met): bigint {
  const sign = random.int(3) === 0 ? -1n : 1n;
  const base = { minor: sign * random.amount(AMOUNT_MAX), currency };
  const rate = drawRate(random);
  if (sign < 0n) met("rate of a negative amount");
  if ((base.minor * rate * sign) % 1_000_000n === 500_000n) met("rate at an exact half");
  const share = applyRate(base, rate).minor;
  const mirrored = applyRate({ ...base, minor: -base.minor }, rate).minor;
  return distance(share, roundedByHand(base.minor, rate)) + distance(share, -mirrored);
}

/** An amount that is written and read again must be itself. */
function residueOfText(random: Random, currency: string): bigint {
  const minor = random.amount(AMOUNT_MAX);
  const text = toDecimal({ minor, currency });
  const parsed = parseAmount(text, currency);
  const dot = text.indexOf(".");
  const digits = dot < 0 ? 0 : text.length - dot - 1;
  if (parsed.kind !== "amount" || digits !== exponentOf(currency)) return 1n;
  return distance(parsed.amount.minor, minor);
}
