import { sql } from "drizzle-orm";
import { type DeliveredReport, recordConversions } from "@/server/conversions";
import { type Database, queryRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";
import { credit, debit, postTransactions } from "@/server/ledger";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";

/** One organization whose clock the test moves. Half of every reward is the affiliate's; holds last 30 days. */
export type MailBench = TestOrganization & {
  now: Date;
  in<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** What a network says about an order of the n-th affiliate (from 1), with the reward in minor units. */
  report(
    order: string,
    status: "pending" | "approved" | "declined" | "reversed",
    rewardMinor: bigint,
    options?: { affiliate?: number; currency?: string; occurredAt?: Date },
  ): Promise<void>;
  mails(): Promise<StoredMail[]>;
};

export type StoredMail = {
  id: string;
  cause: string;
  affiliate_id: string;
  recipient: string;
  subject: string;
  html: string;
  text: string;
  state: string;
  tries: number;
  reason: string | null;
  sent_at: string | null;
};

export async function openBench(database: Database, start: string, affiliates = 1): Promise<MailBench> {
  const org = await setUpOrganization(database, new Date(start), { affiliates });
  const bench: MailBench = {
    ...org,
    now: new Date(start),
    in: (work) => database.inOrganization(org.orgId, work),
    async report(order, status, rewardMinor, { affiliate = 1, currency = "EUR", occurredAt = bench.now } = {}) {
      const delivered: DeliveredReport = {
        deliveryId: newId("dlv", bench.now),
        sourceId: org.source.id,
        programId: org.programId,
        trust: "claimed",
        receivedAt: bench.now,
        report: {
          externalId: order,
          status,
          reward: { minor: rewardMinor, currency },
          subIds: { sub1: `member-${affiliate}` },
          occurredAt,
        },
      };
      await bench.in((tx) => recordConversions(tx, [delivered], bench.now));
    },
    mails: () => bench.in((tx) => queryRows<StoredMail>(tx, sql`select * from mails order by created_at, recipient`)),
  };
  return bench;
}

/** A mail's text as a reader sees it: no-break spaces as spaces. */
export function readable(text: string): string {
  return text.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");
}

/** A payout of everything payable of one affiliate in euro, as it stands after the rail has confirmed it. */
export async function payOut(bench: MailBench, affiliateId: string): Promise<string> {
  const payoutId = newId("pay", bench.now);
  const batchId = newId("bat", bench.now);
  const at = sql`${bench.now.toISOString()}::timestamptz`;
  await bench.in(async (tx) => {
    const [due] = await queryRows<{ minor: string }>(
      tx,
      sql`select sum(payable_delta_minor)::text as minor from commission_effects where affiliate_id = ${affiliateId} and currency = 'EUR'`,
    );
    const amount = { minor: BigInt(due?.minor ?? "0"), currency: "EUR" };
    await tx.execute(
      sql`insert into payout_batches (id, program_id, currency, cut_off, state, planned_by) values (${batchId}, ${bench.programId}, 'EUR', ${at}, 'finished', 'usr_test')`,
    );
    await tx.execute(
      sql`insert into payouts (id, batch_id, affiliate_id, program_id, currency, amount_minor, rail, receiver, state, settled_at, updated_at, created_at)
          values (${payoutId}, ${batchId}, ${affiliateId}, ${bench.programId}, 'EUR', ${amount.minor}, 'paypal', 'jana@example.com', 'paid', ${at}, ${at}, ${at})`,
    );
    await tx.execute(
      sql`insert into payout_lines (payout_id, effect_id, commission_id, amount_minor, currency, active)
          select ${payoutId}, id, commission_id, payable_delta_minor, currency, true from commission_effects
          where affiliate_id = ${affiliateId} and currency = 'EUR' and payable_delta_minor <> 0`,
    );
    const lines = [debit("affiliate_payable", affiliateId, amount), credit("payouts_in_transit", "paypal", amount)];
    await postTransactions(tx, [{ causeId: payoutId, purpose: "approve", eventAt: bench.now, lines }], bench.now);
  });
  return payoutId;
}
