import type { PayPal } from "@/simulator/paypal/start-paypal";
import type { ProofPostgres } from "./proof-postgres";

export type PayoutRow = {
  id: string;
  state: string;
  amount_minor: string;
  affiliate_id: string;
  receiver: string;
  attempt_id: string | null;
};

/** Every approved payout as the product tells it. */
export function approvedPayouts(postgres: ProofPostgres): Promise<PayoutRow[]> {
  return postgres.ask<PayoutRow>(
    "select id, state, amount_minor, affiliate_id, receiver, attempt_id from payouts where state <> 'planned' order by id",
  );
}

/** What the rail's own books say against the product: payouts paid or accepted more than once, and everything that is not as told. */
export type Verdict = { paidTwice: string[]; changedBodies: string[]; disagreements: string[] };

/** Compares the product's payouts with the books of the rail, which know nothing of the product. Amounts are in a currency of two decimals. */
export function judgePayouts(paypal: PayPal, payouts: readonly PayoutRow[]): Verdict {
  const books = paypal.books();
  const paidTwice = Object.entries(books.items).flatMap(([id, item]) =>
    item.paid > 1 || item.accepted > 1 ? [`${id} was accepted ${item.accepted} times and paid ${item.paid} times`] : [],
  );
  const changedBodies = books.violations.flatMap((violation) =>
    violation.rule === "one body per sender_batch_id"
      ? [`${violation.senderBatchId} came with ${violation.bodies} bodies`]
      : [],
  );
  const known = new Map(payouts.map((payout) => [payout.id, payout]));
  const strangers = Object.keys(books.items).filter((id) => !known.has(id));
  const disagreements = [
    ...strangers.map((id) => `${id} was accepted by the rail, and nobody approved it`),
    ...payouts.flatMap((payout) => {
      const item = books.items[payout.id];
      const isPaidHere = payout.state === "paid";
      const isPaidThere = item !== undefined && item.paid > 0 && item.back === 0;
      const amount = item?.paidAmount.replace(".", "").replace(/^0+(?=\d)/, "");
      if (isPaidHere !== isPaidThere)
        return [`${payout.id} is ${payout.state} here and ${item?.statuses ?? "unknown"} there`];
      return isPaidHere && amount !== payout.amount_minor
        ? [`${payout.id} is ${payout.amount_minor} minor units here and ${item?.paidAmount} there`]
        : [];
    }),
  ];
  return { paidTwice, changedBodies, disagreements };
}
