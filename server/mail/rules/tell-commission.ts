import type { Money } from "@/server/money";
import { dayWords } from "@/server/time";
import { type Phrase, STAGES, type Stage, type Told } from "./told";

type Status = "pending" | "approved" | "declined" | "reversed";
type StepKind =
  | "accrue"
  | "adjust"
  | "approve"
  | "unapprove"
  | "confirm"
  | "decline"
  | "reverse"
  | "reinstate"
  | "release";

/** One movement of a commission. */
export type CommissionStep = {
  kind: StepKind;
  /** What is owed after it. */
  amount: Money;
  /** What the source said at that moment; null for a release, which time caused. */
  status: Status | null;
  /** Whether it lies in the period that is told. */
  isNew: boolean;
};

/** A commission up to the end of a period. */
export type CommissionStory = {
  order: string;
  program: string;
  state: "held" | "payable" | "in_batch" | "paid" | "clawed_back" | "void";
  holdUntil: Date;
  /** Everything up to the end of the period, oldest first. */
  steps: readonly CommissionStep[];
};

/** Clauses told of one commission; of a network that goes back and forth only the last ones matter. */
const CLAUSES_MAX = 4;

/** What happened to one commission in the period that ends at `end`, and what comes next. */
export function tellCommission(story: CommissionStory, end: Date, timeZone: string): Told {
  const now = standing(story, end, timeZone);
  return {
    title: `Order ${story.order} at ${story.program}`,
    happened: whatHappened(story.steps),
    next: whatComesNext(story, now),
    stage: stageOf(story, now),
  };
}

type Clause = { amount: Money | null; words: Phrase };

function whatHappened(steps: readonly CommissionStep[]): Phrase {
  const clauses = steps.flatMap((step, index) => (step.isNew ? [clauseOf(step, steps.slice(0, index))] : []));
  const told = clauses.slice(-CLAUSES_MAX);
  const phrase: (string | Money)[] = told.length < clauses.length ? ["several changes, then "] : [];
  let shown: Money | null = null;
  for (const [index, clause] of told.entries()) {
    if (index > 0) phrase.push(", then ");
    if (clause.amount && clause.amount.minor !== shown?.minor) phrase.push(clause.amount, " ");
    phrase.push(...clause.words);
    shown = clause.amount ?? shown;
  }
  return [...phrase, "."];
}

function clauseOf(step: CommissionStep, before: readonly CommissionStep[]): Clause {
  const previous = before.at(-1);
  const isNewlyApproved = step.status === "approved" && lastStatus(before) !== "approved";
  switch (step.kind) {
    case "accrue":
      return { amount: step.amount, words: [isNewlyApproved ? "reported and approved" : "reported"] };
    case "approve":
    case "unapprove":
      return { amount: step.amount, words: [step.status === "approved" ? "approved" : "waiting for approval again"] };
    case "confirm":
      return { amount: step.amount, words: ["confirmed by the network"] };
    case "decline":
      return { amount: previous?.amount ?? null, words: ["declined"] };
    case "reverse":
      return { amount: previous?.amount ?? null, words: ["reversed"] };
    case "reinstate":
      return { amount: step.amount, words: [isNewlyApproved ? "approved after all" : "reported again"] };
    case "release":
      return { amount: step.amount, words: ["payable, as the hold has ended"] };
    case "adjust":
      return adjusted(step, previous, isNewlyApproved);
  }
}

function adjusted(step: CommissionStep, previous: CommissionStep | undefined, isNewlyApproved: boolean): Clause {
  const approved = isNewlyApproved ? " and approved" : "";
  if (!previous || previous.amount.minor === step.amount.minor) {
    return { amount: step.amount, words: [`unchanged after a correction by the network${approved}`] };
  }
  return { amount: null, words: ["changed from ", previous.amount, " to ", step.amount, approved] };
}

type Standing = {
  kind: "taken_back" | "waiting" | "held" | "payable" | "in_batch" | "paid";
  isReleased: boolean;
  /** Null when the hold has ended. */
  heldUntil: string | null;
};

function standing(story: CommissionStory, end: Date, timeZone: string): Standing {
  const isReleased = isReleasedAfter(story);
  const heldUntil = story.holdUntil > end ? dayWords(story.holdUntil, timeZone, end) : null;
  const status = lastStatus(story.steps);
  if (status === "declined" || status === "reversed") return { kind: "taken_back", isReleased, heldUntil };
  if (!isReleased) return { kind: status === "approved" ? "held" : "waiting", isReleased, heldUntil };
  const kind = story.state === "in_batch" || story.state === "paid" ? story.state : "payable";
  return { kind, isReleased, heldUntil };
}

/** Released stays released, but for a source that is undecided again: what no payout has goes back on hold, and is released once more later. */
function isReleasedAfter({ steps, state }: CommissionStory): boolean {
  const last = steps.findLastIndex((step) => step.kind === "release");
  if (last < 0) return false;
  const isUndecidedSince = steps.slice(last + 1).some((step) => step.status === "pending");
  return !isUndecidedSince || state === "in_batch" || state === "paid";
}

function whatComesNext({ program, steps }: CommissionStory, { kind, isReleased, heldUntil }: Standing): Phrase {
  switch (kind) {
    case "taken_back":
      return isReleased
        ? ["It is taken off your payable balance, and off your next payout."]
        : [`Nothing is owed for it unless ${program} approves it after all.`];
    case "waiting":
      return [
        heldUntil === null
          ? `It becomes payable when ${program} approves it.`
          : `Waiting for approval by ${program}. Held until ${heldUntil} at the earliest.`,
      ];
    case "held":
      return [
        heldUntil === null
          ? "Its hold has ended: it becomes payable now, then comes the next payout."
          : `Held until ${heldUntil}, then in the next payout.`,
      ];
    case "payable":
      return ["It goes into your next payout."];
    case "in_batch":
    case "paid":
      return [hasChangedAfterRelease(steps) ? "The difference goes into your next payout." : inPayout(kind)];
  }
}

function inPayout(kind: "in_batch" | "paid"): string {
  return kind === "paid" ? "It has been paid to you." : "It is part of a payout; you get a mail when that has arrived.";
}

function hasChangedAfterRelease(steps: readonly CommissionStep[]): boolean {
  const released = steps.findLastIndex((step) => step.kind === "release");
  return steps.slice(released + 1).some((step) => step.isNew && step.amount.minor !== steps[released]?.amount.minor);
}

function stageOf(story: CommissionStory, { kind, isReleased, heldUntil }: Standing): Stage {
  const at = (reached: number, label: string) => ({ reached, of: STAGES, label, isEnded: false });
  const hold = heldUntil === null ? "hold over" : `held until ${heldUntil}`;
  switch (kind) {
    case "taken_back": {
      const label = lastStatus(story.steps) === "declined" ? "Declined" : "Reversed";
      return { reached: isReleased ? 4 : 2, of: STAGES, label, isEnded: true };
    }
    case "waiting":
      return at(2, `Reported · ${hold}`);
    case "held":
      return at(3, `Approved · ${hold}`);
    case "payable":
      return at(4, "Payable · in the next payout");
    case "in_batch":
      return at(5, "In batch");
    case "paid":
      return at(7, "Paid");
  }
}

function lastStatus(steps: readonly CommissionStep[]): Status | null {
  return steps.findLast((step) => step.status !== null)?.status ?? null;
}
