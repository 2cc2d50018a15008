import { dayWords } from "@/server/time";
import { type Place, placeOf, type StageName, stageNames } from "./place";
import type { Unpriced } from "./words";

/** Everything that decides where one amount stands. Dates are null where the thing has not happened or is not known. */
export type StageInput = {
  readonly clickedAt: Date | null;
  readonly reportedAt: Date;
  readonly networkStatus: "pending" | "approved" | "declined" | "reversed";
  /** When the source last said that status. */
  readonly statusAt: Date;
  /** Who reports it, as people call it: "Awin", "the shop". */
  readonly reporter: { readonly kind: "network" | "shop"; readonly name: string };
  /** Why nobody is credited; null when somebody is. */
  readonly parkedReason: string | null;
  /** What is missing for a commission; null when nothing is. */
  readonly unpriced: Unpriced | null;
  readonly commission: {
    readonly state: "held" | "payable" | "in_batch" | "paid" | "clawed_back" | "void";
    /** When the source last approved it, also when it has taken that back since. */
    readonly approvedAt: Date | null;
    readonly holdUntil: Date;
    /** When its hold last ended. */
    readonly releasedAt: Date | null;
  } | null;
  /** The latest payout that pays it, or tried to; none that was canceled before it was sent. */
  readonly payout: {
    readonly state:
      | "planned"
      | "queued"
      | "submitting"
      | "submitted"
      | "paid"
      | "failed"
      | "unclaimed"
      | "returned"
      | "reversed"
      | "unknown";
    /** As people call it: "PayPal". */
    readonly rail: string;
    /** In words meant for who reads the sentence. */
    readonly reason: string | null;
    readonly plannedAt: Date;
    readonly sentAt: Date | null;
    readonly settledAt: Date | null;
    /** When its state last changed. */
    readonly stateAt: Date;
  } | null;
  readonly now: Date;
  /** Of the days: the affiliate's own, or the program's. */
  readonly timeZone: string;
};

/** Who can have the amount in hand. `you` is the affiliate. */
export const holders = ["shop", "network", "us", "rail", "you"] as const;

export type Holder = (typeof holders)[number];

/** Off the straight way from click to bank. */
export const sideStates = ["parked", "declined", "reversed", "failed", "unknown"] as const;

export type SideState = (typeof sideStates)[number];

export type StageStep = { name: StageName; state: "done" | "current" | "todo"; at: Date | null };

export type Stage = {
  stages: StageStep[];
  current: StageName | SideState;
  holder: Holder;
  since: Date;
  /** What happens next, and when, where that can be said; null at the end of the way. */
  next: { what: string; expected: Date | null } | null;
  /** All of it in plain words, for people who do not see the line. */
  sentence: string;
  /** In which the sentence names days, so that the line can name the same ones. */
  timeZone: string;
};

/** Where one amount stands on its way from click to bank: exactly one stage, who has it, since when, and what comes next. Read alike by the
 *  drawer, the portal and the mails. */
export function stageOf(input: StageInput): Stage {
  const place = placeOf(input);
  const reached = stageNames.indexOf(place.reached);
  const dates = datesOf(input);
  const stages = stageNames.map((name, index): StageStep => {
    const state = index < reached ? "done" : index === reached ? "current" : "todo";
    return { name, state, at: state === "todo" ? null : dates[name] };
  });
  return {
    stages,
    current: place.side ?? place.reached,
    holder: place.holder,
    since: place.since,
    next: place.next,
    sentence: sentenceOf(place, input),
    timeZone: input.timeZone,
  };
}

function datesOf(input: StageInput): Record<StageName, Date | null> {
  const { commission, payout } = input;
  const approved = input.networkStatus === "approved" ? input.statusAt : null;
  return {
    clicked: input.clickedAt,
    reported: input.reportedAt,
    approved: commission?.approvedAt ?? approved,
    "hold over": commission?.releasedAt ?? null,
    "in batch": payout?.plannedAt ?? null,
    sent: payout?.sentAt ?? null,
    paid: payout?.settledAt ?? null,
  };
}

function sentenceOf(place: Place, input: StageInput): string {
  if (!place.next) return place.now;
  const { what, expected } = place.next;
  const when = expected ? `, expected ${dayWords(expected, input.timeZone)}` : "";
  return `${place.now} Next: ${what}${when}.`;
}
