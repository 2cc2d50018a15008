import { type Money, subtract } from "@/server/money";
import type { CommissionState, EffectKind, Holding, NetworkStatus, Says } from "./types";

/** What one change does to a commission: its next state, what kind of movement that is, and how the affiliate's two
 *  balances move. */
export type Effect = { kind: EffectKind; next: Holding; heldDelta: Money; payableDelta: Money };

/** The first holding of a conversion that has an affiliate: nothing when the source already took it back. */
export function firstHolding(says: Says, amount: Money): Effect | null {
  if (isTakenBack(says.status)) return null;
  const next: Holding = {
    state: "held",
    amount,
    reward: says.reward,
    trust: says.trust,
    approved: says.status === "approved",
    released: false,
  };
  return { kind: "accrue", next, heldDelta: amount, payableDelta: zero(amount) };
}

/** The difference between what the source says now and what we hold, as one movement; null when there is none.
 *  `amount` is what the commission's own rule version gives on what the source says. Trust never falls back. What was
 *  released stays released, so taking it back makes the payable delta negative.
 *  Errors: currency_mismatch (the amount changed currency). */
export function nextHolding(holds: Holding, says: Says, amount: Money): Effect | null {
  const owed = isTakenBack(says.status) ? zero(holds.amount) : amount;
  const delta = subtract(owed, holds.amount);
  const next: Holding = {
    state: nextState(holds, says.status, delta.minor),
    amount: owed,
    reward: isTakenBack(says.status) ? zeroReward(holds, says) : (says.reward ?? holds.reward),
    trust: holds.trust === "claimed" ? says.trust : holds.trust,
    approved: says.status === "approved",
    released: holds.released,
  };
  const kind = kindOf(holds, next, says.status, delta.minor);
  if (kind === null) return null;
  return {
    kind,
    next,
    heldDelta: holds.released ? zero(delta) : delta,
    payableDelta: holds.released ? delta : zero(delta),
  };
}

/** The end of a hold: what was held becomes payable. Only an approved, held commission can be released. */
export function releasedHolding(holds: Holding): Effect | null {
  if (holds.state !== "held" || !holds.approved || holds.released) return null;
  const taken = { minor: -holds.amount.minor, currency: holds.amount.currency };
  return {
    kind: "release",
    next: { ...holds, state: "payable", released: true },
    heldDelta: taken,
    payableDelta: holds.amount,
  };
}

function isTakenBack(status: NetworkStatus): boolean {
  return status === "declined" || status === "reversed";
}

function nextState(holds: Holding, status: NetworkStatus, deltaMinor: bigint): CommissionState {
  if (isTakenBack(status)) {
    if (holds.state === "void" || holds.state === "clawed_back") return holds.state;
    return holds.state === "paid" || holds.state === "in_batch" ? "clawed_back" : "void";
  }
  if (!holds.released) return "held";
  if (holds.state === "void" || holds.state === "clawed_back") return "payable";
  return deltaMinor > 0n ? "payable" : holds.state;
}

function kindOf(holds: Holding, next: Holding, status: NetworkStatus, deltaMinor: bigint): EffectKind | null {
  const wasTakenBack = holds.state === "void" || holds.state === "clawed_back";
  if (isTakenBack(status)) return wasTakenBack ? null : status === "declined" ? "decline" : "reverse";
  if (wasTakenBack) return "reinstate";
  if (deltaMinor !== 0n || rewardChanged(holds.reward, next.reward)) return "adjust";
  if (holds.approved !== next.approved) return "approve";
  return holds.trust === next.trust ? null : "confirm";
}

function rewardChanged(a: Money | null, b: Money | null): boolean {
  return a?.minor !== b?.minor || a?.currency !== b?.currency;
}

/** A reward that is taken back is owed no more, but its currency is kept. */
function zeroReward(holds: Holding, says: Says): Money | null {
  const reward = holds.reward ?? says.reward;
  return reward && zero(reward);
}

function zero(amount: Money): Money {
  return { minor: 0n, currency: amount.currency };
}
