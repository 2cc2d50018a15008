import type { PayPal } from "@/simulator/paypal/start-paypal";
import { type Batch, openPayer, type Payer } from "./paying-organization";
import { approvedPayouts, judgeSums } from "./payout-judge";
import { railEnvironment, startProofPayPal } from "./proof-paypal";
import { type ProofPostgres, startProofPostgres } from "./proof-postgres";
import { settlePayouts } from "./settle-payouts";
import { startStrictPayPal } from "./strict-paypal";
import { startCrew } from "./worker-crew";

/** Three poisons, each in a batch of its own: what the rail takes and fails, what only the rail refuses (and the whole submission with it),
 *  and what our own check refuses at the last moment. */
export const POISONS = [
  "failed by the rail",
  "refused by the rail with the whole submission",
  "refused before sending",
] as const;

type Poison = (typeof POISONS)[number];

/** How the poison itself must end. */
const ENDS: Readonly<Record<Poison, string>> = {
  "failed by the rail": "failed",
  "refused by the rail with the whole submission": "failed",
  "refused before sending": "canceled",
};

/** One batch with a poison item: whether it was really refused that way, how many of its other payouts the rail's books show paid, and what
 *  is not as it should be. */
export type Poisoned = {
  readonly poison: Poison;
  readonly isMet: boolean;
  readonly siblingsPaid: number;
  readonly wrong: readonly string[];
};

const SETTLE_MS_MAX = 45_000;
const DISLIKED = "disliked@rail.example";

/** Pays one batch of `size` affiliates per poison; each time another affiliate is the poison. */
export async function payPoisonedBatches(size: number, seed: number): Promise<Poisoned[]> {
  const postgres = await startProofPostgres();
  const paypal = await startProofPayPal({ seed });
  const strict = await startStrictPayPal(paypal.url, DISLIKED);
  const payer = await openPayer(postgres.url, { organizations: 1, affiliates: size });
  const crew = await startCrew({ postgres, processes: 1, deaths: [], env: railEnvironment(strict) });
  try {
    const poisoned: Poisoned[] = [];
    for (const [index, poison] of POISONS.entries()) {
      const member = 1 + Math.floor((size * (index + 1)) / (POISONS.length + 1));
      const batch = await approvePoisoned(postgres, payer, poison, member);
      await payer.tellApproved([batch]);
      const moving = await settlePayouts(postgres, SETTLE_MS_MAX);
      const unsettled = moving > 0 ? [`${moving} payouts were still moving after ${SETTLE_MS_MAX} ms`] : [];
      const { ends, siblingsPaid, wrong } = await judge(postgres, paypal, batch, member);
      // The poison of an earlier batch was paid with this one.
      const owedMinor = batch.earned[member - 1]?.minor;
      const sums = judgeSums(paypal, await approvedPayouts(postgres), payer.batches, owedMinor);
      const said = [...unsettled, ...wrong, ...sums].map((text) => `${poison}: ${text}`);
      poisoned.push({ poison, isMet: ends.includes(ENDS[poison]), siblingsPaid, wrong: said });
    }
    return poisoned;
  } finally {
    await crew.dismiss();
    await payer.close();
    await strict.close();
    await paypal.close();
    await postgres.close();
  }
}

async function approvePoisoned(postgres: ProofPostgres, payer: Payer, poison: Poison, member: number): Promise<Batch> {
  const [organization] = payer.organizations;
  if (!organization) throw new Error("a payer has an organization");
  const address = organization.affiliates[member - 1]?.email ?? "";
  if (poison === "failed by the rail") await payer.payTo(organization, member, `fail+${address}`);
  if (poison === "refused by the rail with the whole submission") await payer.payTo(organization, member, DISLIKED);
  const batch = await payer.approve(organization, (who) => 1_000n + BigInt(who));
  await payer.payTo(organization, member, address);
  if (poison === "refused before sending") {
    // Nothing in the product lets a bad address come this far; a restored or repaired database may.
    await postgres.ask("update payouts set receiver = 'nowhere' where batch_id = $1 and affiliate_id = $2", [
      batch.batchId,
      organization.affiliates[member - 1]?.id,
    ]);
  }
  return batch;
}

async function judge(postgres: ProofPostgres, paypal: PayPal, { batchId }: Batch, member: number) {
  const rows = await postgres.ask<{ id: string; state: string; member: string; task: string | null }>(
    `select p.id, p.state, a.external_id as member,
       (select t.id from tasks t where t.subject_id = p.id and t.closed_at is null) as task
     from payouts p join affiliates a on a.id = p.affiliate_id where p.batch_id = $1`,
    [batchId],
  );
  const { items } = paypal.books();
  const isPaid = ({ id, state }: { id: string; state: string }) =>
    state === "paid" && items[id]?.paid === 1 && items[id].back === 0;
  const isPoison = (row: { member: string }) => row.member === `member-${member}`;
  const paid = rows.filter(isPaid);
  const wrong = [
    ...rows
      .filter((row) => isPoison(row) && (row.state === "paid" || isPaid(row)))
      .map(({ id }) => `the poison ${id} was paid`),
    ...rows
      .filter((row) => isPoison(row) && row.state === "failed" && row.task === null)
      .map(({ id }) => `the poison ${id} failed and nobody was told`),
    ...rows
      .filter(({ state }) => !["paid", "failed", "canceled"].includes(state))
      .map(({ id, state }) => `${id} ended ${state}`),
  ];
  const siblings = new Set(paid.filter((row) => !isPoison(row)).map((row) => row.member));
  if (siblings.size !== paid.length) wrong.push(`${paid.length} payouts were paid to ${siblings.size} affiliates`);
  const ends = rows.filter(isPoison).map(({ state }) => state);
  return { ends, siblingsPaid: siblings.size, wrong };
}
