import type { PayPal } from "@/simulator/paypal/start-paypal";
import type { Batch } from "./paying-organization";
import type { ProofPostgres } from "./proof-postgres";

export type PayoutRow = {
  id: string;
  batch_id: string;
  state: string;
  amount_minor: string;
  affiliate_id: string;
  receiver: string;
  attempt_id: string | null;
  retry_of: string | null;
};

/** Every approved payout as the product tells it. */
export function approvedPayouts(postgres: ProofPostgres): Promise<PayoutRow[]> {
  return postgres.ask<PayoutRow>(
    `select id, batch_id, state, amount_minor, affiliate_id, receiver, attempt_id, retry_of from payouts
     where state <> 'planned' order by id`,
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
      if (isPaidHere !== isPaidThere)
        return [`${payout.id} is ${payout.state} here and ${item?.statuses ?? "unknown"} there`];
      return isPaidHere && minorOf(item?.paidAmount) !== BigInt(payout.amount_minor)
        ? [`${payout.id} is ${payout.amount_minor} minor units here and ${item?.paidAmount} there`]
        : [];
    }),
  ];
  return { paidTwice, changedBodies, disagreements };
}

/** What the harness itself drew against the rail's books: the rail keeps exactly what was earned, but for `owedMinor`, which must still be owed;
 *  and everybody who earned has one payout of the batch, retries not counted. */
export function judgeSums(
  paypal: PayPal,
  payouts: readonly PayoutRow[],
  batches: readonly Batch[],
  owedMinor = 0n,
): string[] {
  const earned = batches.flatMap((batch) => batch.earned);
  const earnedMinor = earned.reduce((sum, { minor }) => sum + minor, 0n);
  const { EUR } = paypal.books().totals;
  const keptMinor = minorOf(EUR?.accepted) - minorOf(EUR?.back);
  const first = payouts.filter(({ retry_of }) => retry_of === null).length;
  return [
    ...(keptMinor + owedMinor === earnedMinor
      ? []
      : [`${earnedMinor} minor units were earned; the rail paid ${keptMinor}, and ${owedMinor} are owed`]),
    ...(first === earned.length ? [] : [`${earned.length} earned a payout; there are ${first}`]),
  ];
}

/** The rail's amounts that are not what the harness drew for that affiliate and batch. Only where no payout fails: what comes back is
 *  paid with a later batch. */
export function wrongAmounts(paypal: PayPal, payouts: readonly PayoutRow[], batches: readonly Batch[]): string[] {
  const { items } = paypal.books();
  const drawn = new Map(
    batches.flatMap(({ batchId, earned }) =>
      earned.map(({ affiliateId, minor }) => [`${batchId} ${affiliateId}`, minor] as const),
    ),
  );
  return payouts.flatMap(({ id, batch_id, affiliate_id }) => {
    const earnedMinor = drawn.get(`${batch_id} ${affiliate_id}`);
    const paidMinor = minorOf(items[id]?.paidAmount);
    return paidMinor === earnedMinor ? [] : [`${id} pays ${earnedMinor} minor units; the rail paid ${paidMinor}`];
  });
}

/** Of the rail's decimal text; what it has no account of is nothing. */
function minorOf(decimal: string | undefined): bigint {
  return BigInt(decimal?.replace(".", "") ?? "0");
}
