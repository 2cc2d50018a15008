import type { Money } from "@/server/money";

export type NetworkStatus = "pending" | "approved" | "declined" | "reversed";
export type Trust = "claimed" | "confirmed" | "funded";

/** What a source said once about one conversion. A field left out says nothing: what we hold stays. */
export type Report = {
  readonly externalId: string;
  readonly status?: NetworkStatus;
  /** The status with which a conversion begins when its first report names none; "pending" when this is left out too. */
  readonly defaultStatus?: NetworkStatus;
  readonly sale?: Money;
  readonly reward?: Money;
  readonly clickRef?: string;
  readonly subIds: Readonly<Record<string, string>>;
  readonly occurredAt?: Date;
  readonly orderingKey?: string;
};

/** The fields that a later report may override one by one. */
type OrderedField = "status" | "sale" | "reward" | "clickRef" | `subIds.${string}`;

/** What we hold of a conversion. */
export type ConversionState = {
  readonly networkStatus: NetworkStatus;
  readonly trust: Trust;
  readonly sale: Money | null;
  readonly reward: Money | null;
  readonly clickRef: string | null;
  readonly subIds: Readonly<Record<string, string>>;
  /** The ordering key under which each field was said, where the dialect has one. */
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

type Arrival = {
  trust: Trust;
  receivedAt: Date;
  /** When it is looked at, which for a replay is later; as received when left out. */
  judgedAt?: Date;
};

/** How far a source's clock may be ahead of ours. A time beyond it would outrank every later report. */
const CLOCK_AHEAD_MS_MAX = 15 * 60_000;

/** One report upon what we hold. Where the dialect orders its reports, each field keeps the value with the highest ordering
 *  key, and of two values with one key the greater (a status further on its way, a larger amount, a later text), so any
 *  order of arrival ends in the same state; otherwise the latest arrival counts, and of a sub-id the first. Trust only rises.
 *  Refused: a time in the future, and a sale or reward that changes its currency, because two currencies cannot be differenced. */
export function applyReport(held: ConversionState | null, report: Report, arrival: Arrival): Applied {
  const before = held ?? emptyState(report, arrival);
  const refusal =
    clockAhead(report, arrival) ??
    currencyConflict("sale", before.sale, report.sale) ??
    currencyConflict("reward", before.reward, report.reward);
  if (refusal) return { kind: "refused", reason: refusal };
  const words = weigh(before.orderingKeys, report.orderingKey);
  const state: ConversionState = {
    networkStatus: words.take("status", before.networkStatus, report.status, byStatus) ?? before.networkStatus,
    trust: before.trust === "claimed" ? arrival.trust : before.trust,
    sale: words.take("sale", before.sale, report.sale, byAmount),
    reward: words.take("reward", before.reward, report.reward, byAmount),
    clickRef: words.take("clickRef", before.clickRef, report.clickRef, byText),
    subIds: takeSubIds(words, before, report),
    orderingKeys: words.keys,
    eventAt: report.occurredAt && report.occurredAt < before.eventAt ? report.occurredAt : before.eventAt,
  };
  if (held === null || differs(held, state)) return { kind: "changed", state };
  return words.count.outranked > 0 && words.count.taken === 0 ? { kind: "stale" } : { kind: "same", state };
}

/** What is held of a conversion before its first report. */
function emptyState(report: Report, arrival: Arrival): ConversionState {
  return {
    networkStatus: report.status ?? report.defaultStatus ?? "pending",
    trust: arrival.trust,
    sale: null,
    reward: null,
    clickRef: null,
    subIds: {},
    orderingKeys: {},
    eventAt: report.occurredAt ?? arrival.receivedAt,
  };
}

type Words = ReturnType<typeof weigh>;

/** Weighs a report's words against what is held, one field at a time, and keeps the keys of those that count. */
function weigh(heldKeys: ConversionState["orderingKeys"], orderingKey: string | undefined) {
  const keys: Partial<Record<OrderedField, string>> = { ...heldKeys };
  const count = { taken: 0, outranked: 0 };
  function take<Value>(
    field: OrderedField,
    held: Value | null,
    said: Value | undefined,
    compare: (said: Value, held: Value) => number,
  ): Value | null {
    if (said === undefined) return held;
    if (orderingKey !== undefined) {
      const heldKey = keys[field] ?? "";
      const isLess = orderingKey === heldKey && held !== null && compare(said, held) < 0;
      if (orderingKey < heldKey || isLess) {
        count.outranked += 1;
        return held;
      }
      keys[field] = orderingKey;
    }
    count.taken += 1;
    return said;
  }
  return { keys, count, take };
}

function takeSubIds(words: Words, before: ConversionState, report: Report): Record<string, string> {
  const taken = Object.entries(report.subIds).map(([name, said]) => {
    const held = before.subIds[name] ?? null;
    const first = report.orderingKey === undefined ? held : null;
    return [name, first ?? words.take(`subIds.${name}`, held, said, byText) ?? said] as const;
  });
  return { ...before.subIds, ...Object.fromEntries(taken) };
}

const STATUS_RANKS: Readonly<Record<NetworkStatus, number>> = { pending: 0, approved: 1, declined: 2, reversed: 3 };

function byStatus(a: NetworkStatus, b: NetworkStatus): number {
  return STATUS_RANKS[a] - STATUS_RANKS[b];
}

function byAmount(a: Money, b: Money): number {
  return a.minor < b.minor ? -1 : Number(a.minor > b.minor);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function clockAhead(report: Report, { receivedAt, judgedAt = receivedAt }: Arrival): string | undefined {
  const aheadMs = (report.occurredAt?.getTime() ?? 0) - judgedAt.getTime();
  if (aheadMs <= CLOCK_AHEAD_MS_MAX) return undefined;
  const minutes = Math.round(aheadMs / 60_000);
  return `its time lies ${minutes} minutes in the future; 15 are allowed for a clock that is ahead`;
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
