import { formatMinor } from "@/simulator/amounts";
import { draw, pick } from "@/simulator/draw";
import type { NetworkReport, ReportedState } from "@/simulator/networks/plan-reports";
import { type Person, people } from "./people";
import { type SourcePlan, sourcePlans } from "./sources";

/** How far back the history goes. */
export const HISTORY_DAYS = 124;

/** One thing that happened to the demo organization. `click` joins a report to the visit that led to it. */
export type HistoryEvent =
  | { kind: "visit"; at: Date; source: string; person: number; click: string }
  | { kind: "report"; at: Date; source: string; person: number | null; click: string | null; report: NetworkReport }
  /** A request that nobody can read: its network left a macro in it. */
  | { kind: "unreadable"; at: Date; source: string };

const SEED = 20_260_401;
const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

/** In percent. */
const REPEATED = 5;
const BY_SUB_ID = 25;

/** The past of the demo up to `now`, in order of time. Everything but the dates is the same at every start. */
export function planHistory(now: Date): HistoryEvent[] {
  const events = sourcePlans.flatMap((source) => planSource(source, now));
  const first = sourcePlans[0];
  if (first) {
    events.push({ kind: "unreadable", at: ago(now, 3.4), source: first.key });
    const stray = firstReport(first, "usual", 0, ago(now, 1.6));
    events.push({
      kind: "report",
      at: stray.reportedAt,
      source: first.key,
      person: null,
      click: null,
      report: { ...stray, isStray: true },
    });
  }
  return events.filter(({ at }) => at.getTime() < now.getTime()).sort((a, b) => a.at.getTime() - b.at.getTime());
}

function planSource(source: SourcePlan, now: Date): HistoryEvent[] {
  const buyers = people.flatMap((person, index) => (person.currencies.includes(source.currency) ? [index] : []));
  return Array.from({ length: source.conversions }, (_, n) => {
    // Taking turns gives everybody a history; a draw would leave some without.
    const turn = Math.floor(n / buyers.length);
    const person = buyers[(n + turn * 5) % buyers.length] ?? 0;
    const daysAgo = source.sinceDaysAgo * (1 - (n + draw(SEED, source.key, "when", n)) / source.conversions);
    return planConversion(source, person, n, ago(now, movedIntoMembership(people[person], daysAgo)));
  }).flat();
}

/** Nobody buys before joining; who joined late bought what fell to them since then instead. */
function movedIntoMembership(person: Person | undefined, daysAgo: number): number {
  const joined = person?.joinedDaysAgo;
  if (joined === undefined || daysAgo < joined) return daysAgo;
  return (daysAgo * 7.3) % (joined - 1);
}

function planConversion(source: SourcePlan, person: number, n: number, soldAt: Date): HistoryEvent[] {
  const chance = (what: string) => draw(SEED, source.key, what, n);
  const click = `${source.key}-${n}`;
  const bySubId = source.dialect === "generic" && chance("by sub-id") * 100 < BY_SUB_ID;
  const visitAt = new Date(soldAt.getTime() - (2 + chance("shopping") * 40) * MINUTE_MS);
  const visit: HistoryEvent = { kind: "visit", at: visitAt, source: source.key, person, click };
  const reports = reportsOf(source, person, n, soldAt).flatMap((report, step): HistoryEvent[] => {
    const event = {
      kind: "report" as const,
      at: report.reportedAt,
      source: source.key,
      person,
      click: bySubId ? null : click,
      report,
    };
    if (draw(SEED, source.key, "repeat", n, step) * 100 >= REPEATED) return [event];
    const again = new Date(report.reportedAt.getTime() + (1 + chance("again") * 9) * MINUTE_MS);
    return [event, { ...event, at: again, report: { ...report, isRepeat: true } }];
  });
  return bySubId ? reports : [visit, ...reports];
}

type Step = { state: ReportedState; afterDays: number; amountsPercent?: bigint };

function reportsOf(source: SourcePlan, person: number, n: number, soldAt: Date): NetworkReport[] {
  const first = firstReport(source, basketOf(people[person]), n, soldAt, `${source.prefix}${100_400 + n * 7}`);
  let { sale, reward } = first.minor;
  return stepsOf(source, n).map(({ state, afterDays, amountsPercent = 100n }) => {
    sale = (sale * amountsPercent) / 100n;
    reward = (reward * amountsPercent) / 100n;
    const amounts = { sale: formatMinor(sale, source.exponent), reward: formatMinor(reward, source.exponent) };
    const { minor: _, ...report } = first;
    return { ...report, ...amounts, state, reportedAt: new Date(first.reportedAt.getTime() + afterDays * DAY_MS) };
  });
}

/** What a network decided and when, in days after its first word. A sale that awaits its decision has only that word yet. */
function stepsOf(source: SourcePlan, n: number): Step[] {
  const chance = (what: string) => draw(SEED, source.key, what, n);
  const reported: Step = { state: "pending", afterDays: 0 };
  // Awin tells of a sale once; its decisions are read elsewhere.
  if (source.dialect === "awin") return [reported];
  const decided = 2 + chance("decided") * 20;
  const life = chance("life") * 100;
  if (life < 9) return [reported, { state: "declined", afterDays: decided }];
  const approved: Step = { state: "approved", afterDays: decided };
  if (life < 13) return [reported, approved, { state: "reversed", afterDays: decided + 2 + chance("reversed") * 30 }];
  if (life < 19)
    return [
      reported,
      approved,
      { state: "approved", afterDays: decided + 3 + chance("less") * 9, amountsPercent: 60n },
    ];
  if (life < 23) return [{ state: "approved", afterDays: 0 }];
  return [reported, approved];
}

type Basket = "usual" | "small" | "large";

/** Whose payout is to fail or come back must have one. */
function basketOf(person: Person | undefined): Basket {
  if (person?.fate === undefined) return "usual";
  return person.fate === "below minimum" ? "small" : "large";
}

function firstReport(
  source: SourcePlan,
  basket: Basket,
  n: number,
  soldAt: Date,
  externalId = `${source.prefix}99${n}7`,
) {
  const chance = (what: string) => draw(SEED, source.key, what, n);
  const [least, most] = basket === "small" ? source.smallSaleMinor : source.saleMinor;
  // Most baskets are small and a few are large.
  const share = basket === "large" ? 0.5 + chance("sale") / 2 : chance("sale") ** 1.8;
  const sale = BigInt(Math.floor(least + (most - least) * share));
  const percent = basket === "small" ? 2 : pick([5, 6, 7, 8, 10, 12], SEED, source.key, "percent", n);
  const reward = (sale * BigInt(percent)) / 100n;
  return {
    conversion: n,
    externalId,
    isStray: false,
    state: "pending" as const,
    sale: formatMinor(sale, source.exponent),
    reward: formatMinor(reward, source.exponent),
    currency: source.currency,
    soldAt,
    reportedAt: new Date(soldAt.getTime() + (1 + chance("reported") * 50) * MINUTE_MS),
    isRepeat: false,
    minor: { sale, reward },
  };
}

function ago(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}
