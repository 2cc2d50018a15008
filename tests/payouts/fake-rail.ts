import type { FrozenSubmission, ItemReport, LookUpOutcome, Rail, RailItem, SubmitOutcome } from "@/server/rails";

/** A rail without a network: what it is told to answer, and everything that was sent to it. */
export type FakeRail = Rail & { readonly sent: FrozenSubmission[]; answers: SubmitOutcome[] };

export function fakeRail(options: { refuses?: Rail["refuses"]; maxItems?: number } = {}): FakeRail {
  const rail: FakeRail = {
    name: "paypal",
    title: "Fake PayPal",
    maxItems: options.maxItems ?? 100,
    repeatWindowDays: 30,
    sent: [],
    answers: [],
    refuses: options.refuses ?? (() => null),
    freeze: (key, items) => ({ key, body: JSON.stringify(items.map(asText)) }),
    async submit(submission) {
      rail.sent.push(submission);
      return rail.answers.shift() ?? accepted(`PB-${submission.key}`);
    },
    lookUp: async () => ({ kind: "unknown", reason: "nobody asked this rail to look" }),
  };
  return rail;
}

export function accepted(providerBatchId = "PB-1"): SubmitOutcome {
  return { kind: "accepted", providerBatchId, raw: "{}" };
}

export function rejected(
  more: { retryable?: boolean; refusedItems?: number[]; retryAfterSeconds?: number } = {},
): SubmitOutcome {
  return { kind: "rejected", code: "REFUSED", message: "not like this", retryable: false, raw: "{}", ...more };
}

export function lost(): SubmitOutcome {
  return { kind: "unknown", reason: "no answer within 30 s", raw: null };
}

/** What the provider says of a batch, in PayPal's words. */
export function found(batchStatus: string, items: ItemReport[]): LookUpOutcome {
  const isRefused = batchStatus === "DENIED";
  return { kind: "found", batchStatus, isRefused, isFinal: isRefused || batchStatus === "SUCCESS", items };
}

/** What the provider says of one payout. */
export function says(payoutId: string, rawStatus: string, more: Partial<ItemReport> = {}): ItemReport {
  const status = STATUSES[rawStatus] ?? "unknown";
  return {
    payoutId,
    providerItemId: `I-${payoutId}`,
    status,
    rawStatus,
    fee: null,
    errorCode: null,
    errorMessage: null,
    occurredAt: null,
    ...more,
  };
}

const STATUSES: Record<string, ItemReport["status"]> = {
  PENDING: "submitted",
  ONHOLD: "submitted",
  SUCCESS: "paid",
  FAILED: "failed",
  UNCLAIMED: "unclaimed",
  RETURNED: "returned",
  REVERSED: "reversed",
};

function asText({ payoutId, receiver, amount }: RailItem): string {
  return `${payoutId} ${receiver} ${amount.minor} ${amount.currency}`;
}
