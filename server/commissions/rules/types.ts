import type { Money, RatePpm } from "@/server/money";

export type CommissionState = "held" | "payable" | "in_batch" | "paid" | "clawed_back" | "void";
export type Trust = "claimed" | "confirmed" | "funded";
export type NetworkStatus = "pending" | "approved" | "declined" | "reversed";

export type EffectKind =
  | "accrue"
  | "adjust"
  | "approve"
  | "unapprove"
  | "confirm"
  | "decline"
  | "reverse"
  | "reinstate"
  | "release";

/** The part of a rule version that prices. */
export type RuleTerms = {
  readonly name: string;
  readonly version: number;
  readonly base: "sale" | "reward";
  readonly pays: { kind: "percentage"; ratePpm: RatePpm } | { kind: "flat"; amount: Money };
};

/** What the source says now about a conversion that has an affiliate. */
export type Says = {
  readonly status: NetworkStatus;
  readonly trust: Trust;
  readonly sale: Money | null;
  readonly reward: Money | null;
};

/** The part of a commission that money depends on. */
export type Holding = {
  readonly state: CommissionState;
  readonly amount: Money;
  readonly reward: Money | null;
  readonly trust: Trust;
  readonly approved: boolean;
  readonly released: boolean;
};
