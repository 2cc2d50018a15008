import type { Holder, SideState, StageInput } from "./stage";
import { capital, takingBack, whyUnpriced } from "./words";

/** The stages of every amount, in order. */
export const stageNames = ["clicked", "reported", "approved", "hold over", "in batch", "sent", "paid"] as const;

export type StageName = (typeof stageNames)[number];

/** Where an amount stands: the last stage it reached and, where it left the straight way, how. */
export type Place = {
  reached: StageName;
  side: SideState | null;
  holder: Holder;
  since: Date;
  next: { what: string; expected: Date | null } | null;
  /** What is the case now, as one sentence. */
  now: string;
};

type Payout = NonNullable<StageInput["payout"]>;

/** Reads the place off the facts. What the source took back goes before everything, then what a payout says, then the hold. */
export function placeOf(input: StageInput): Place {
  const { networkStatus, commission, payout } = input;
  if (networkStatus === "declined" || networkStatus === "reversed") return takenBack(input);
  if (input.parkedReason !== null) return parked(input, input.parkedReason);
  if (input.unpriced !== null && commission === null) return unpriced(input, input.unpriced);
  if (payout?.state === "paid" && commission?.state === "payable") return grown(input);
  // What is held was not released yet, or was given back since: a payout from before says nothing about it any more.
  if (!commission || commission.state === "held") return held(input);
  if (payout) return withPayout(payout);
  return payable(input);
}

function isProvenUnpaid({ state }: Payout): boolean {
  return state === "failed" || state === "returned" || state === "reversed";
}

function takenBack(input: StageInput): Place {
  const { reporter, networkStatus, statusAt, commission, payout } = input;
  const verb = takingBack(networkStatus);
  const base = {
    side: networkStatus === "declined" ? ("declined" as const) : ("reversed" as const),
    holder: reporter.kind,
    since: statusAt,
  };
  if (commission?.state === "clawed_back" && payout && !isProvenUnpaid(payout)) {
    return {
      ...base,
      reached: payout.state === "paid" ? "paid" : "in batch",
      next: { what: "set off against later earnings", expected: null },
      now: `${capital(reporter.name)} ${verb} after it went into a payout.`,
    };
  }
  return {
    ...base,
    reached: commission?.releasedAt ? "hold over" : commission?.approvedAt ? "approved" : "reported",
    next: null,
    now: `${capital(reporter.name)} ${verb}: nothing is owed for it.`,
  };
}

function parked(input: StageInput, reason: string): Place {
  return {
    reached: "reported",
    side: "parked",
    holder: "us",
    since: input.reportedAt,
    next: { what: "credited when its click or affiliate turns up", expected: null },
    now: `Nobody is credited yet: ${reason}.`,
  };
}

/** What is missing decides who has it in hand: the source owes an amount, or the operator owes a rule. */
function unpriced(input: StageInput, missing: NonNullable<StageInput["unpriced"]>): Place {
  const { reporter } = input;
  const base = { reached: "reported" as const, side: "parked" as const, since: input.reportedAt };
  const now = `${whyUnpriced(missing, reporter.name)}.`;
  switch (missing) {
    case "no_base":
      return {
        ...base,
        now,
        holder: reporter.kind,
        next: { what: `computed when ${reporter.name} reports it`, expected: null },
      };
    case "no_rule":
      return { ...base, now, holder: "us", next: { what: "computed once a rule covers that day", expected: null } };
    case "not_computed":
      return {
        ...base,
        now,
        holder: "us",
        next: { what: `computed when ${reporter.name} reports it again`, expected: null },
      };
  }
}

function held(input: StageInput): Place {
  const { reporter, networkStatus, commission, now } = input;
  const holdUntil = commission?.holdUntil ?? null;
  if (networkStatus !== "approved") {
    return {
      reached: "reported",
      side: null,
      holder: reporter.kind,
      since: input.reportedAt,
      next: { what: `approval by ${reporter.name}`, expected: null },
      now: `Reported; ${reporter.name} has not approved it yet.`,
    };
  }
  const isOver = holdUntil !== null && holdUntil <= now;
  return {
    reached: "approved",
    side: null,
    holder: "us",
    since: commission?.approvedAt ?? input.statusAt,
    next: { what: "payable when the hold ends", expected: isOver ? null : holdUntil },
    now: isOver ? "Approved; the hold is over and is being released." : "Approved and held against returns.",
  };
}

function payable(input: StageInput): Place {
  return {
    reached: "hold over",
    side: null,
    holder: "us",
    since: input.commission?.releasedAt ?? input.statusAt,
    next: NEXT_BATCH,
    now: "Payable.",
  };
}

/** The source raised the amount after it was paid: the difference goes on its own way. */
function grown(input: StageInput): Place {
  return { ...payable(input), now: "Paid once, and grew since: the rest is payable." };
}

function withPayout(payout: Payout): Place {
  const rail = payout.rail;
  const reason = payout.reason ? `: ${payout.reason.replace(/\.$/, "")}` : "";
  const since = payout.stateAt;
  switch (payout.state) {
    case "planned":
      return {
        reached: "in batch",
        side: null,
        holder: "us",
        since,
        next: { what: "sent once the batch is approved", expected: null },
        now: "In a payout batch that waits for approval.",
      };
    case "queued":
    case "submitting":
      return {
        reached: "in batch",
        side: null,
        holder: "us",
        since,
        next: { what: `sent through ${rail}`, expected: null },
        now: "In an approved payout batch.",
      };
    case "submitted":
      return {
        reached: "sent",
        side: null,
        holder: "rail",
        since,
        next: { what: `paid by ${rail}`, expected: null },
        now: `Sent through ${rail}, which has not confirmed its arrival yet.`,
      };
    case "unclaimed":
      return {
        reached: "sent",
        side: null,
        holder: "rail",
        since,
        next: { what: "paid when the receiver takes it, or returned", expected: null },
        now: `Sent, but nobody has taken it at ${rail} yet.`,
      };
    case "unknown":
      return {
        reached: "sent",
        side: "unknown",
        holder: "rail",
        since,
        next: { what: `looked up at ${rail} before anything is sent again`, expected: null },
        now: `We asked ${rail} to pay and do not know yet whether it did.`,
      };
    case "paid":
      return {
        reached: "paid",
        side: null,
        holder: "you",
        since: payout.settledAt ?? since,
        next: null,
        now: `Paid through ${rail}.`,
      };
    case "failed":
      return {
        reached: "hold over",
        side: "failed",
        holder: "us",
        since,
        next: NEXT_BATCH,
        now: `The payout failed${reason}. It is payable again.`,
      };
    case "returned":
    case "reversed":
      return {
        reached: "hold over",
        side: "failed",
        holder: "us",
        since,
        next: NEXT_BATCH,
        now: `The payout came back${reason}. It is payable again.`,
      };
  }
}

const NEXT_BATCH = { what: "part of the next payout batch", expected: null };
