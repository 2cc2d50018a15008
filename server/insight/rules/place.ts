import type { Holder, SideState, StageInput } from "./stage";

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
  if (input.parkedReason !== null)
    return parked(input, "Nobody is credited yet", input.parkedReason, "credited when its click or affiliate turns up");
  if (input.unpricedReason !== null)
    return parked(input, "No commission yet", input.unpricedReason, "priced when the source reports what is missing");
  if (payout?.state === "paid" && commission?.state === "payable") return grown(input);
  if (payout && payout.state !== "canceled" && !isSuperseded(input)) return withPayout(input, payout);
  if (!commission || commission.state === "held") return held(input);
  return payable(input);
}

/** A payout from before the amount was taken back and earned again says nothing about it any more. */
function isSuperseded({ commission, payout }: StageInput): boolean {
  const isOver = payout?.state === "failed" || payout?.state === "returned" || payout?.state === "reversed";
  return commission?.state === "held" && isOver === true;
}

function takenBack(input: StageInput): Place {
  const { reporter, networkStatus, statusAt, commission, payout } = input;
  const verb = networkStatus === "declined" ? "declined it" : "took it back";
  const base = {
    side: networkStatus === "declined" ? ("declined" as const) : ("reversed" as const),
    holder: reporter.kind,
    since: statusAt,
  };
  if (commission?.state === "clawed_back" && payout) {
    return {
      ...base,
      reached: payout.state === "paid" ? "paid" : "in batch",
      next: { what: "set off against later earnings", expected: null },
      now: `${capital(reporter.name)} ${verb} after it went into a payout.`,
    };
  }
  return {
    ...base,
    reached: commission?.approvedAt ? "approved" : "reported",
    next: null,
    now: `${capital(reporter.name)} ${verb}: nothing is owed for it.`,
  };
}

function parked(input: StageInput, what: string, reason: string, next: string): Place {
  return {
    reached: "reported",
    side: "parked",
    holder: "us",
    since: input.reportedAt,
    next: { what: next, expected: null },
    now: `${what}: ${reason}.`,
  };
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
    next: nextBatch(input),
    now: "Payable.",
  };
}

/** The source raised the amount after it was paid: the difference goes on its own way. */
function grown(input: StageInput): Place {
  return { ...payable(input), now: "Paid once, and grew since: the rest is payable." };
}

function withPayout(input: StageInput, payout: Payout): Place {
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
        next: nextBatch(input),
        now: `The payout failed${reason}. It is payable again.`,
      };
    case "returned":
    case "reversed":
      return {
        reached: "hold over",
        side: "failed",
        holder: "us",
        since,
        next: nextBatch(input),
        now: `The payout came back${reason}. It is payable again.`,
      };
    case "canceled":
      return payable(input);
  }
}

function nextBatch(input: StageInput): { what: string; expected: Date | null } {
  return { what: "part of the next payout batch", expected: input.nextBatchAt };
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
