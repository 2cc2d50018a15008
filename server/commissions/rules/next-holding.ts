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
 *  `amount` is what the commission's rule version gives on what the source says. Trust never falls back. What was released stays
 *  released while the source approves, so taking it back makes the payable delta negative; see `staysReleased`.
 *  Errors: currency_mismatch (the amount changed currency). */
export function nextHolding(holds: Holding, says: Says, amount: Money): Effect | null {
  const owed = isTakenBack(says.status) ? zero(holds.amount) : amount;
  const delta = subtract(owed, holds.amount);
  const released = staysReleased(holds, says.status);
  const next: Holding = {
    state: nextState(holds, says.status, released, delta.minor),
    amount: owed,
    reward: isTakenBack(says.status) ? zeroReward(holds, says) : (says.reward ?? holds.reward),
    trust: holds.trust === "claimed" ? says.trust : holds.trust,
    approved: says.status === "approved",
    released,
  };
  const kind = kindOf(holds, next, says.status, delta.minor);
  return kind === null ? null : { kind, next, ...deltasOf(holds, next) };
}

/** Whether a commission that was released still is when the source says `status`. A source that is merely undecided again (or again
 *  after it took the commission back) puts it on hold until it approves: only what is approved may be paid. What a payout
 *  already has is left with it, because nobody took it back. */
export function staysReleased(holds: Holding, status: NetworkStatus): boolean {
  if (!holds.released || status !== "pending") return holds.released;
  return holds.state === "in_batch" || holds.state === "paid";
}

/** The movement of a commission whose amounts stay while its rule version or its hold follows the time of the sale; null when nothing
 *  is owed. */
export function retimedHolding(holds: Holding): Effect | null {
  if (isVoid(holds)) return null;
  return { kind: "adjust", next: holds, ...deltasOf(holds, holds) };
}

/** The end of a hold: what was held becomes payable. Only an approved, held commission can be released. */
export function releasedHolding(holds: Holding): Effect | null {
  if (holds.state !== "held" || !holds.approved || holds.released) return null;
  const next: Holding = { ...holds, state: "payable", released: true };
  return { kind: "release", next, ...deltasOf(holds, next) };
}

/** How the affiliate's two balances move: all of an amount is held until its release and payable after it. */
function deltasOf(holds: Holding, next: Holding): { heldDelta: Money; payableDelta: Money } {
  const held = ({ released, amount }: Holding) => (released ? zero(amount) : amount);
  const payable = ({ released, amount }: Holding) => (released ? amount : zero(amount));
  return { heldDelta: subtract(held(next), held(holds)), payableDelta: subtract(payable(next), payable(holds)) };
}

function isTakenBack(status: NetworkStatus): boolean {
  return status === "declined" || status === "reversed";
}

function isVoid(holds: Holding): boolean {
  return holds.state === "void" || holds.state === "clawed_back";
}

function nextState(holds: Holding, status: NetworkStatus, released: boolean, deltaMinor: bigint): CommissionState {
  if (isTakenBack(status)) {
    if (isVoid(holds)) return holds.state;
    return holds.state === "paid" || holds.state === "in_batch" ? "clawed_back" : "void";
  }
  if (!released) return "held";
  return isVoid(holds) || deltaMinor > 0n ? "payable" : holds.state;
}

function kindOf(holds: Holding, next: Holding, status: NetworkStatus, deltaMinor: bigint): EffectKind | null {
  if (isTakenBack(status)) return isVoid(holds) ? null : status === "declined" ? "decline" : "reverse";
  if (isVoid(holds)) return "reinstate";
  if (deltaMinor !== 0n || rewardChanged(holds.reward, next.reward)) return "adjust";
  if (holds.approved !== next.approved) return next.approved ? "approve" : "unapprove";
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
