import type { Money } from "@/server/money";
import { dayWords, momentWords } from "@/server/time";
import { railWord } from "./rail-words";
import { sayAmount } from "./words";

/** An enrolled affiliate as a batch sees it: what is due before the cut-off and everything that may stand in its way. */
export type Candidate = {
  readonly affiliateId: string;
  readonly name: string;
  readonly email: string;
  readonly status: "active" | "suspended";
  readonly destination: { readonly rail: string; readonly receiver: string; readonly coolsUntil: Date | null } | null;
  /** Sum of the movements that no payout has yet; negative when more was taken back than earned. */
  readonly dueMinor: bigint;
  /** Number of those movements. */
  readonly movements: number;
  /** What the ledger owes the affiliate now, over all programs. */
  readonly payableMinor: bigint;
  readonly heldMinor: bigint;
  /** The first end of a hold; null when nothing is held. */
  readonly heldUntil: Date | null;
  /** In payouts of this program that are planned or on their way. */
  readonly underwayMinor: bigint;
};

/** The terms of one batch. */
export type Terms = {
  readonly programName: string;
  readonly timeZone: string;
  readonly currency: string;
  /** null: the program does not pay in this currency. */
  readonly minimumMinor: bigint | null;
  readonly cutOff: Date;
  readonly now: Date;
  /** Why this cannot travel, in words; null when it can. */
  readonly railRefuses: (item: { rail: string; receiver: string; amount: Money }) => string | null;
};

export type ValidatorName =
  | "profile"
  | "destination"
  | "cool_off"
  | "rail"
  | "currency"
  | "threshold"
  | "balance"
  | "hold";

/** What a validator has to say: a whole sentence with the thing, the value and the rule. */
export type Finding = { readonly validator: ValidatorName; readonly blocks: boolean; readonly finding: string };

type Said = { blocks: boolean; finding: string } | string | null;

/** A string blocks; null is a plain pass. */
const VALIDATORS: Readonly<Record<ValidatorName, (candidate: Candidate, terms: Terms) => Said>> = {
  profile,
  destination,
  cool_off: coolOff,
  rail,
  currency,
  threshold,
  balance,
  hold,
};

/** Everything the validators say of a candidate. It is paid exactly when nothing blocks, and then something is due and there is a destination. */
export function findingsOf(candidate: Candidate, terms: Terms): Finding[] {
  return (Object.keys(VALIDATORS) as ValidatorName[]).flatMap((validator) => {
    const said = VALIDATORS[validator](candidate, terms);
    if (said === null) return [];
    return typeof said === "string" ? [{ validator, blocks: true, finding: said }] : [{ validator, ...said }];
  });
}

function profile({ name, email, status }: Candidate): Said {
  if (status === "suspended") return `${name || "The affiliate"} is suspended; only active affiliates are paid.`;
  if (name.trim() === "") return "The profile has no name; a payout needs one.";
  return email.includes("@") ? null : `The profile's e-mail address "${email}" is not one; a payout needs one.`;
}

function destination(candidate: Candidate): Said {
  return candidate.destination ? null : "No destination is set; a payout needs to know where to go.";
}

/** A payout that a stranger redirected cannot be called back; one that waits can. */
function coolOff({ destination: to }: Candidate, { now, timeZone }: Terms): Said {
  if (!to?.coolsUntil || to.coolsUntil.getTime() <= now.getTime()) return null;
  return `The destination was changed; nothing is sent there before ${momentWords(to.coolsUntil, timeZone)}, so that a change by somebody else is noticed.`;
}

function rail(candidate: Candidate, terms: Terms): Said {
  if (!candidate.destination || candidate.dueMinor <= 0n) return null;
  const amount = due(candidate, terms);
  const refusal = terms.railRefuses({ ...candidate.destination, amount });
  return refusal && `${sayAmount(amount)} cannot travel by ${railWord(candidate.destination.rail)}: ${refusal}.`;
}

function currency(_candidate: Candidate, terms: Terms): Said {
  if (terms.minimumMinor !== null) return null;
  return `${terms.programName} has no minimum payout in ${terms.currency}; without one it does not pay in that currency.`;
}

function threshold(candidate: Candidate, terms: Terms): Said {
  const { minimumMinor } = terms;
  if (minimumMinor === null || candidate.dueMinor <= 0n || candidate.dueMinor >= minimumMinor) return null;
  return `${sayAmount(due(candidate, terms))} is due; the minimum payout is ${sayAmount(inCurrency(minimumMinor, terms))}.`;
}

function balance(candidate: Candidate, terms: Terms): Said {
  const { dueMinor, payableMinor, movements, underwayMinor, heldMinor } = candidate;
  if (dueMinor < 0n) {
    return `${sayAmount(due(candidate, terms))} is due: more was taken back than earned, and later earnings make that up first.`;
  }
  if (dueMinor > 0n) {
    if (dueMinor <= payableMinor) return null;
    const payable = sayAmount(inCurrency(payableMinor, terms));
    return `${sayAmount(due(candidate, terms))} came due, but the account stands at ${payable}; a payout never exceeds the account.`;
  }
  if (movements > 0) return `${sayAmount(due(candidate, terms))} is due: as much was taken back as was earned.`;
  if (underwayMinor > 0n) {
    return `Nothing new is due: ${sayAmount(inCurrency(underwayMinor, terms))} is in a payout under way already.`;
  }
  // The hold says it better.
  if (heldMinor > 0n) return null;
  return `Nothing earned yet: no ${terms.currency} came due before ${dayWords(terms.cutOff, terms.timeZone)}.`;
}

/** What is held blocks nobody who has something else to be paid. */
function hold({ heldMinor, heldUntil, dueMinor, movements, underwayMinor }: Candidate, terms: Terms): Said {
  if (heldMinor <= 0n || heldUntil === null) return null;
  const held = sayAmount(inCurrency(heldMinor, terms));
  const finding =
    heldUntil.getTime() > terms.now.getTime()
      ? `${held} is held until ${dayWords(heldUntil, terms.timeZone)}.`
      : `${held} is held: its time is over, but the source has not approved it yet.`;
  return { blocks: dueMinor === 0n && movements === 0 && underwayMinor === 0n, finding };
}

function due(candidate: Candidate, terms: Terms): Money {
  return inCurrency(candidate.dueMinor, terms);
}

function inCurrency(minor: bigint, terms: Terms): Money {
  return { minor, currency: terms.currency };
}
