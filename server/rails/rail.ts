import type { Money } from "@/server/money";

/** One payout as a rail sees it. */
export type RailItem = {
  /** Our payout id; it is the item's key for ever. */
  readonly payoutId: string;
  readonly receiver: string;
  readonly amount: Money;
  readonly note: string;
};

/** The exact bytes of one submission, built once, stored before they are sent, sent again only unchanged. */
export type FrozenSubmission = {
  /** The key under which the provider recognises a repeat. */
  readonly key: string;
  readonly body: string;
};

/** What the provider said of one submission. `unknown` is not a failure: money may have left. */
export type SubmitOutcome =
  | { kind: "accepted"; providerBatchId: string; raw: string }
  /** Proof that nothing was accepted. `retryable`: the same submission may succeed later (no funds, rate limit). */
  | {
      kind: "rejected";
      code: string;
      message: string;
      retryable: boolean;
      retryAfterSeconds?: number;
      raw: string;
      /** Places (from 0) of the items whose own content was refused, where the provider names them. */
      refusedItems?: readonly number[];
    }
  | { kind: "unknown"; reason: string; raw: string | null };

export type RailStatus = "submitted" | "paid" | "failed" | "unclaimed" | "returned" | "reversed" | "unknown";

/** One payout's state as the provider reports it, raw word kept beside ours. */
export type ItemReport = {
  readonly payoutId: string;
  readonly providerItemId: string | null;
  readonly status: RailStatus;
  readonly rawStatus: string;
  readonly fee: Money | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** The provider's own time of the change; null where it gives none. */
  readonly occurredAt: Date | null;
};

export type LookUpOutcome =
  | {
      kind: "found";
      /** The provider's own word for the batch. */
      batchStatus: string;
      /** Nothing of the batch was or will be carried out but what an item says of itself; it may list no items at all. */
      isRefused: boolean;
      /** The provider is through with the batch: it lists every item it will ever list. */
      isFinal: boolean;
      items: ItemReport[];
    }
  | { kind: "not_found"; raw: string }
  | { kind: "unknown"; reason: string };

/** One way to send money. Does HTTP or files; no database. */
export type Rail = {
  readonly name: string;
  readonly title: string;
  /** Hard limit of items in one submission, and the days for which the provider refuses a repeated key. */
  readonly maxItems: number;
  readonly repeatWindowDays: number;
  /** Why this amount or receiver cannot travel on this rail, in words; null when it can. */
  refuses(item: { receiver: string; amount: Money }): string | null;
  /** Pure: the bytes that will be sent. Items keep their order. Errors: invalid_input (an item the rail refuses). */
  freeze(key: string, items: readonly RailItem[]): FrozenSubmission;
  /** Sends frozen bytes. Never throws for what the provider or the network does; that is an outcome. */
  submit(submission: FrozenSubmission): Promise<SubmitOutcome>;
  /** Asks the provider about one batch, all its pages. */
  lookUp(providerBatchId: string): Promise<LookUpOutcome>;
};
