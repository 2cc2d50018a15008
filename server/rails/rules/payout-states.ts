/** Where a payout is. `failed`, `returned`, `reversed` and `canceled` are ends; `paid` is not: money can come back. */
export type PayoutState =
  | "queued"
  | "submitting"
  | "submitted"
  | "paid"
  | "failed"
  | "unclaimed"
  | "returned"
  | "reversed"
  | "unknown"
  | "canceled";

const MOVES: Readonly<Record<PayoutState, readonly PayoutState[]>> = {
  queued: ["submitting", "canceled"],
  // Never back to queued: once an attempt may have left, only proof of failure or a look-up moves it on.
  submitting: ["submitted", "failed", "unknown"],
  submitted: ["paid", "failed", "unclaimed", "returned", "unknown"],
  unknown: ["submitted", "failed", "paid", "unclaimed", "returned"],
  unclaimed: ["paid", "returned"],
  paid: ["returned", "reversed"],
  failed: [],
  returned: [],
  reversed: [],
  canceled: [],
};

/** Whether a payout in state `from` may move to `to`. Staying is not a move. */
export function canMove(from: PayoutState, to: PayoutState): boolean {
  return MOVES[from].includes(to);
}

/** The state that a provider's report leads to from where the payout is; null when it is no move: old news, or a step
 *  the graph does not have. A payment that failed after it was paid, or while nobody had claimed it, is one that came back. */
export function stateAfterReport(from: PayoutState, reported: PayoutState): PayoutState | null {
  const hadLeft = from === "paid" || from === "unclaimed";
  const to = hadLeft && reported === "failed" ? "returned" : reported;
  return canMove(from, to) ? to : null;
}
