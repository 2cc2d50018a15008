/** Where a payout can be: planned in a draft, then along the rail's graph. Every list of them is read from here. */
export const STATES = [
  "planned",
  "queued",
  "submitting",
  "submitted",
  "paid",
  "failed",
  "unclaimed",
  "returned",
  "reversed",
  "unknown",
  "canceled",
] as const;

export type State = (typeof STATES)[number];

/** It is proven that the money did not leave, or came back: the commissions are free for another payout. */
export const PROVEN_UNPAID: readonly State[] = ["failed", "returned", "reversed", "canceled"];

/** Something still has to be sent, or its first outcome to be learnt: the batch is not finished. */
export const UNSETTLED: readonly State[] = ["planned", "queued", "submitting", "submitted", "unknown"];

/** Approved and on its way: the money is out of the affiliate's balance, and neither arrived nor proven unpaid. */
export const IN_TRANSIT: readonly State[] = ["queued", "submitting", "submitted", "unclaimed", "unknown"];

/** Planned or on its way. */
export const UNDERWAY: readonly State[] = ["planned", ...IN_TRANSIT];

/** The provider may yet change its word by itself, so it is asked again soon. */
export const MOVING: readonly State[] = ["submitting", "submitted", "unknown", "unclaimed"];

/** A person may decide to try again. */
export const RETRYABLE: readonly State[] = ["failed", "returned", "reversed"];
