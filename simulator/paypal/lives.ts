/** What PayPal calls the state of one item. */
export type ItemStatus =
  | "SUCCESS"
  | "FAILED"
  | "PENDING"
  | "UNCLAIMED"
  | "RETURNED"
  | "ONHOLD"
  | "BLOCKED"
  | "REFUNDED"
  | "REVERSED";

export type BatchStatus = "PENDING" | "PROCESSING" | "SUCCESS" | "DENIED" | "CANCELED";

/** A change that will come `afterMs` after acceptance, by the simulator's clock. */
export type Step<Status> = { readonly afterMs: number; readonly status: Status; readonly error?: ItemError };

/** Where an item is heading. */
export type Outcome =
  | "success"
  | "failed"
  | "blocked"
  | "unclaimed"
  | "claimed"
  | "returned"
  | "onhold"
  | "reversed"
  | "refunded"
  | "late-returned"
  | "late-failed";

/** Delays in milliseconds after acceptance: `settleMs` to the first outcome, `lateMs` to a change of mind,
 *  `unclaimedMs` until money nobody claimed goes back. */
export type Delays = { readonly settleMs: number; readonly lateMs: number; readonly unclaimedMs: number };

export type ItemError = keyof typeof itemErrors;

/** PayPal's error names of items, with its reason in our words. */
export const itemErrors = {
  RECEIVER_ACCOUNT_LOCKED: "The receiver's account is locked or inactive.",
  RECEIVER_ACCOUNT_INVALID: "The receiver's account is invalid.",
  RECEIVER_UNREGISTERED: "The receiver has no account. Money not claimed within 30 days goes back to the sender.",
  RISK_DECLINE: "The transaction was declined because of risk.",
  PENDING_REVIEW: "The transaction is held for review.",
} as const;

const byWord: Readonly<Record<string, Outcome>> = {
  fail: "failed",
  blocked: "blocked",
  unclaimed: "unclaimed",
  claimed: "claimed",
  returned: "returned",
  onhold: "onhold",
  reversed: "reversed",
  refunded: "refunded",
  latefail: "late-failed",
};

/** The outcome that an address asks for (`unclaimed+anna@example.com`); null for an ordinary address. */
export function outcomeOfReceiver(receiver: string): Outcome | null {
  const word = /^([a-z]+)\+[^@]*@/.exec(receiver)?.[1];
  return (word && byWord[word]) || null;
}

/** The changes an item will go through, earliest first. */
export function itemLife(outcome: Outcome, delays: Delays): Step<ItemStatus>[] {
  const { settleMs, lateMs, unclaimedMs } = delays;
  const first = (status: ItemStatus, error?: ItemError) => ({ afterMs: settleMs, status, ...(error && { error }) });
  const late = (status: ItemStatus) => [first("SUCCESS"), { afterMs: settleMs + lateMs, status }];
  switch (outcome) {
    case "success":
      return [first("SUCCESS")];
    case "failed":
      return [first("FAILED", "RECEIVER_ACCOUNT_LOCKED")];
    case "blocked":
      return [first("BLOCKED", "RISK_DECLINE")];
    case "unclaimed":
      return [first("UNCLAIMED", "RECEIVER_UNREGISTERED"), { afterMs: settleMs + unclaimedMs, status: "RETURNED" }];
    case "claimed":
      return [first("UNCLAIMED", "RECEIVER_UNREGISTERED"), { afterMs: settleMs + lateMs, status: "SUCCESS" }];
    case "returned":
      return [first("UNCLAIMED", "RECEIVER_UNREGISTERED"), { afterMs: settleMs * 2 + 1, status: "RETURNED" }];
    case "onhold":
      return [first("ONHOLD", "PENDING_REVIEW"), { afterMs: settleMs + lateMs, status: "SUCCESS" }];
    case "reversed":
      return late("REVERSED");
    case "refunded":
      return late("REFUNDED");
    case "late-returned":
      return late("RETURNED");
    case "late-failed":
      return late("FAILED");
  }
}

/** A denied batch: nothing moves, every item ends FAILED. */
export function deniedLife(delays: Delays): Step<ItemStatus>[] {
  return [{ afterMs: delays.settleMs, status: "FAILED", error: "RECEIVER_ACCOUNT_INVALID" }];
}

/** The changes of the batch around its items. SUCCESS says that it was processed, not that anybody was paid. */
export function batchLife(isDenied: boolean, delays: Delays): Step<BatchStatus>[] {
  return [
    { afterMs: Math.floor(delays.settleMs / 2), status: "PROCESSING" },
    { afterMs: delays.settleMs, status: isDenied ? "DENIED" : "SUCCESS" },
  ];
}
