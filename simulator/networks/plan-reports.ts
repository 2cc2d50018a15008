import { formatMinor, isoExponent } from "@/simulator/amounts";
import { draw, pick } from "@/simulator/draw";

export type ReportedState = "pending" | "approved" | "declined" | "reversed";

/** What a network tells once about one conversion, before a dialect puts it into words. */
export type NetworkReport = {
  /** Number of the conversion in the plan, from 0. */
  readonly conversion: number;
  readonly externalId: string;
  /** The sub-id names no click anybody made. */
  readonly isStray: boolean;
  readonly state: ReportedState;
  /** Decimal strings of `currency`: what the shop sold, what the network pays. */
  readonly sale: string;
  readonly reward: string;
  readonly currency: string;
  readonly soldAt: Date;
  readonly reportedAt: Date;
  /** The same report once more. */
  readonly isRepeat: boolean;
};

export type PlanOptions = {
  readonly seed: number;
  /** Conversions, not reports: most are reported about twice. */
  readonly count: number;
  readonly currency: string;
  readonly idPrefix: string;
  readonly startsAt: Date;
  /** Time between two reports. */
  readonly intervalMs: number;
  /** Percentages, 0 to 100: reports sent again; follow-ups that overtake what came before; sub-ids of no known click. */
  readonly duplicates?: number;
  readonly disorder?: number;
  readonly strays?: number;
};

type Life = readonly { readonly state: ReportedState; readonly amountsPercent?: bigint }[];

/** What becomes of conversions, with weights. `amountsPercent` changes both amounts from then on. */
const lives: readonly { readonly weight: number; readonly life: Life }[] = [
  { weight: 55, life: [{ state: "pending" }, { state: "approved" }] },
  { weight: 12, life: [{ state: "pending" }, { state: "declined" }] },
  { weight: 8, life: [{ state: "pending" }, { state: "approved" }, { state: "reversed" }] },
  { weight: 7, life: [{ state: "pending" }, { state: "approved" }, { state: "approved", amountsPercent: 60n }] },
  { weight: 5, life: [{ state: "pending" }, { state: "pending", amountsPercent: 120n }, { state: "approved" }] },
  { weight: 6, life: [{ state: "approved" }] },
  { weight: 5, life: [{ state: "pending" }] },
  { weight: 2, life: [{ state: "pending" }, { state: "declined" }, { state: "approved" }] },
];

/** The reports of `count` conversions in the order of delivery. The same options give the same plan, always. */
export function planReports(options: PlanOptions): NetworkReport[] {
  const planned = Array.from({ length: options.count }, (_, conversion) => planConversion(options, conversion)).flat();
  const happened = planned.sort((a, b) => a.slot - b.slot);
  const reports = happened.map(({ slot, report }, index) => ({
    slot,
    report: { ...report, reportedAt: new Date(options.startsAt.getTime() + index * options.intervalMs) },
  }));
  const delivered = [...reports.map((one) => delay(options, one)), ...repeats(options, reports)];
  return delivered.sort((a, b) => a.slot - b.slot).map(({ report }) => report);
}

type Planned = { slot: number; report: NetworkReport };

function planConversion(options: PlanOptions, conversion: number): Planned[] {
  const { seed, currency, idPrefix, startsAt, intervalMs } = options;
  const chance = (what: string, ...more: number[]) => draw(seed, what, conversion, ...more);
  const exponent = isoExponent(currency);
  let saleMinor = BigInt(Math.floor(500 + chance("sale") * 29_500));
  let rewardMinor = (saleMinor * BigInt(pick([2, 3, 4, 5, 8, 12], seed, "reward", conversion))) / 100n;
  let slot = conversion;
  return chooseLife(chance("life")).map(({ state, amountsPercent }, step) => {
    // A network decides some time after it reports; a reversal comes later still.
    if (step > 0) slot += step * (2 + Math.floor(chance("decision", step) * 12)) + 0.1;
    saleMinor = (saleMinor * (amountsPercent ?? 100n)) / 100n;
    rewardMinor = (rewardMinor * (amountsPercent ?? 100n)) / 100n;
    const report = {
      conversion,
      externalId: `${idPrefix}-${conversion}`,
      isStray: chance("stray") * 100 < (options.strays ?? 0),
      state,
      sale: formatMinor(saleMinor, exponent),
      reward: formatMinor(rewardMinor, exponent),
      currency,
      soldAt: new Date(startsAt.getTime() + conversion * intervalMs),
      reportedAt: startsAt,
      isRepeat: false,
    };
    return { slot, report };
  });
}

function chooseLife(chance: number): Life {
  const total = lives.reduce((all, { weight }) => all + weight, 0);
  let left = chance * total;
  for (const { weight, life } of lives) {
    left -= weight;
    if (left < 0) return life;
  }
  return [{ state: "pending" }];
}

/** Disorder is lateness: a report is held back, so that what happened after it may arrive before it. */
function delay(options: PlanOptions, { slot, report }: Planned): Planned {
  const isLate = draw(options.seed, "disorder", report.conversion, slot) * 100 < (options.disorder ?? 0);
  return { slot: isLate ? slot + 15 + draw(options.seed, "late", report.conversion, slot) * 15 : slot, report };
}

function repeats(options: PlanOptions, planned: Planned[]): Planned[] {
  return planned
    .filter(
      ({ slot, report }) => draw(options.seed, "repeat", report.conversion, slot) * 100 < (options.duplicates ?? 0),
    )
    .map(({ slot, report }) => ({
      slot: slot + draw(options.seed, "again", report.conversion, slot) * 4,
      report: { ...report, isRepeat: true },
    }));
}
