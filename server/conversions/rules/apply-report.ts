import type { Money } from "@/server/money";

export type NetworkStatus = "pending" | "approved" | "declined" | "reversed";
export type Trust = "claimed" | "confirmed" | "funded";
export type OrderedField = "status" | "sale" | "reward" | "clickRef";

/** What a source said once about one conversion. A field left out says nothing. */
export type Report = {
  readonly externalId: string;
  readonly status: NetworkStatus;
  readonly sale?: Money;
  readonly reward?: Money;
  readonly clickRef?: string;
  readonly subIds: Readonly<Record<string, string>>;
  readonly occurredAt?: Date;
  readonly orderingKey?: string;
};

/** What we hold of a conversion. */
export type ConversionState = {
  readonly networkStatus: NetworkStatus;
  readonly trust: Trust;
  readonly sale: Money | null;
  readonly reward: Money | null;
  readonly clickRef: string | null;
  readonly subIds: Readonly<Record<string, string>>;
  readonly orderingKeys: Readonly<Partial<Record<OrderedField, string>>>;
  readonly eventAt: Date;
};

export type Applied =
  | { kind: "changed"; state: ConversionState }
  /** The source repeated what we hold; `state` differs only in how new those words are. */
  | { kind: "same"; state: ConversionState }
  /** Older than what we hold in every field: worth keeping, changes nothing. */
  | { kind: "stale" }
  | { kind: "refused"; reason: string };

/** How far a source's clock may be ahead of ours. A time beyond it would outrank every later report. */
const CLOCK_AHEAD_MS_MAX = 15 * 60_000;

/** One report upon what we hold. Where the dialect orders its reports, each field keeps the value with the highest ordering
 *  key, so any order of arrival ends in the same state; otherwise the latest arrival counts. Trust only rises.
 *  Refused: a time in the future, and a sale or reward that changes its currency, because two currencies cannot be differenced. */
export function applyReport(
  held: ConversionState | null,
  report: Report,
  arrival: { trust: Trust; receivedAt: Date },
): Applied {
  const aheadMs = (report.occurredAt?.getTime() ?? 0) - arrival.receivedAt.getTime();
  if (aheadMs > CLOCK_AHEAD_MS_MAX) {
    const minutes = Math.round(aheadMs / 60_000);
    return {
      kind: "refused",
      reason: `its time lies ${minutes} minutes in the future; 15 are allowed for a clock that is ahead`,
    };
  }
  if (held === null) return { kind: "changed", state: firstState(report, arrival) };
  const conflict =
    currencyConflict("sale", held.sale, report.sale) ?? currencyConflict("reward", held.reward, report.reward);
  if (conflict) return { kind: "refused", reason: conflict };
  const { orderingKey } = report;
  const keys: Partial<Record<OrderedField, string>> = { ...held.orderingKeys };
  const take = (field: OrderedField, said: boolean) => {
    if (!said || (orderingKey !== undefined && orderingKey < (keys[field] ?? ""))) return false;
    if (orderingKey !== undefined) keys[field] = orderingKey;
    return true;
  };
  const taken = {
    status: take("status", true),
    sale: take("sale", report.sale !== undefined),
    reward: take("reward", report.reward !== undefined),
    clickRef: take("clickRef", report.clickRef !== undefined),
  };
  const state: ConversionState = {
    networkStatus: taken.status ? report.status : held.networkStatus,
    trust: held.trust === "claimed" ? arrival.trust : held.trust,
    sale: taken.sale && report.sale ? report.sale : held.sale,
    reward: taken.reward && report.reward ? report.reward : held.reward,
    clickRef: taken.clickRef && report.clickRef ? report.clickRef : held.clickRef,
    subIds: { ...report.subIds, ...held.subIds },
    orderingKeys: keys,
    eventAt: report.occurredAt && report.occurredAt < held.eventAt ? report.occurredAt : held.eventAt,
  };
  if (differs(held, state)) return { kind: "changed", state };
  return Object.values(taken).some(Boolean) ? { kind: "same", state } : { kind: "stale" };
}

function firstState(report: Report, arrival: { trust: Trust; receivedAt: Date }): ConversionState {
  const key = report.orderingKey;
  return {
    networkStatus: report.status,
    trust: arrival.trust,
    sale: report.sale ?? null,
    reward: report.reward ?? null,
    clickRef: report.clickRef ?? null,
    subIds: report.subIds,
    orderingKeys:
      key === undefined
        ? {}
        : {
            status: key,
            ...(report.sale && { sale: key }),
            ...(report.reward && { reward: key }),
            ...(report.clickRef && { clickRef: key }),
          },
    eventAt: report.occurredAt ?? arrival.receivedAt,
  };
}

function currencyConflict(field: string, held: Money | null, said: Money | undefined): string | undefined {
  if (!held || !said || held.currency === said.currency) return undefined;
  return `the ${field} was reported in ${held.currency} before and in ${said.currency} now; a conversion keeps its currency`;
}

/** Ordering keys alone are no change: they only say how new the same words are. */
function differs(a: ConversionState, b: ConversionState): boolean {
  return (
    a.networkStatus !== b.networkStatus ||
    a.trust !== b.trust ||
    a.sale?.minor !== b.sale?.minor ||
    a.reward?.minor !== b.reward?.minor ||
    a.clickRef !== b.clickRef ||
    a.eventAt.getTime() !== b.eventAt.getTime() ||
    Object.keys(b.subIds).some((name) => a.subIds[name] !== b.subIds[name])
  );
}
