import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { queryRows, type Tx } from "@/server/db";
import { balancesOf, verifyLedger } from "@/server/ledger";
import { approveBatch, claimPayouts, planBatch, recordSubmission } from "@/server/payouts";
import type { Rail, SubmitOutcome } from "@/server/rails";
import type { TestDatabase } from "@/tests/support/database";
import { type Earning, earn, setUpEarners } from "@/tests/support/earnings";
import type { TestOrganization } from "@/tests/support/organization";
import { accepted, fakeRail } from "./fake-rail";

type PayoutRow = {
  id: string;
  batch_id: string;
  affiliate_id: string;
  member: string;
  state: string;
  amount_minor: string;
  receiver: string;
  reason: string | null;
  provider_status: string | null;
  attempt_id: string | null;
  retry_of: string | null;
};

/** One organization and the deeds of the person who pays its affiliates. Its clock moves only when told. */
export async function openDesk(opened: TestDatabase, affiliates: number, start = "2026-03-01T10:00:00Z") {
  const { database } = opened;
  let now = new Date(start);
  const org: TestOrganization = await setUpEarners(database, now, affiliates);
  const inOrg = <T>(work: (tx: Tx) => Promise<T>) => database.inOrganization(org.orgId, work);
  const rows = <Row extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
    inOrg((tx) => queryRows<Row>(tx, statement));

  const desk = {
    org,
    database,
    inOrg,
    rows,
    now: () => now,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    affiliateId: (member: number) => org.affiliates[member - 1]?.id ?? "",
    earn: (...earnings: Earning[]) => earn(database, org, earnings, now),
    async plan(more: { currency?: string; cutOff?: Date; railRefuses?: () => string | null } = {}) {
      desk.pass(1000);
      const input = {
        programId: org.programId,
        currency: "EUR",
        cutOff: now,
        plannedBy: "usr_1",
        railRefuses: () => null,
        ...more,
      };
      return inOrg((tx) => planBatch(tx, input, now));
    },
    approve: (batchId: string, approvedBy = "usr_2") => inOrg((tx) => approveBatch(tx, { batchId, approvedBy }, now)),
    claim: (batchId: string, rail: Rail, limit = 100) => inOrg((tx) => claimPayouts(tx, { batchId, rail, limit }, now)),
    record: (attemptId: string, outcome: SubmitOutcome) =>
      inOrg((tx) => recordSubmission(tx, { attemptId, outcome, sentAt: now }, now)),
    /** Plans, approves and submits what is due; the rail accepts all of it. */
    async payOut(rail: Rail = fakeRail()) {
      const { batchId } = await desk.plan();
      await desk.approve(batchId);
      const claim = await desk.claim(batchId, rail);
      if (!claim) throw new Error("nothing was queued");
      await desk.record(claim.attemptId, accepted());
      return { batchId, attemptId: claim.attemptId, payouts: await desk.payouts(batchId) };
    },
    payouts: (batchId: string) =>
      rows<PayoutRow>(
        sql`select p.*, a.external_id as member from payouts p join affiliates a on a.id = p.affiliate_id
          where p.batch_id = ${batchId} order by a.external_id, p.retry_of nulls first, p.id`,
      ),
    states: async (batchId: string) => (await desk.payouts(batchId)).map((payout) => payout.state),
    batchState: async (batchId: string) =>
      (await rows<{ state: string }>(sql`select state from payout_batches where id = ${batchId}`))[0]?.state,
    findings: (batchId: string) =>
      rows<{ member: string; validator: string; blocks: boolean; finding: string }>(
        sql`select a.external_id as member, f.validator, f.blocks, f.finding from batch_findings f join affiliates a on a.id = f.affiliate_id
          where f.batch_id = ${batchId} order by a.external_id, f.validator`,
      ),
    openTasks: async () =>
      (
        await rows<{ kind: string; subject_id: string }>(
          sql`select kind, subject_id from tasks where closed_at is null order by kind, subject_id`,
        )
      ).map(({ kind, subject_id }) => `${kind} ${subject_id.slice(0, 3)}`),
    /** In minor units, debits positive. */
    async balance(ownerId: string, kind: string, currency = "EUR"): Promise<bigint> {
      const all = await inOrg((tx) => balancesOf(tx, ownerId));
      return all.find((one) => one.kind === kind && one.balance.currency === currency)?.balance.minor ?? 0n;
    },
    /** What must be true whatever happened. */
    async expectSound() {
      expect(await inOrg(verifyLedger)).toEqual([]);
      for (const [rule, wrong] of Object.entries(INVARIANTS)) expect(await rows(wrong), rule).toEqual([]);
    },
  };
  return desk;
}

const INVARIANTS = {
  "a movement is in at most one payout that is not proven unpaid": sql`select l.effect_id from payout_lines l join payouts p on p.id = l.payout_id
    where p.state not in ('failed', 'returned', 'reversed', 'canceled') group by l.effect_id having count(*) > 1`,
  "a line is active exactly while its payout is not proven unpaid": sql`select l.effect_id from payout_lines l join payouts p on p.id = l.payout_id
    where l.active = (p.state in ('failed', 'returned', 'reversed', 'canceled'))`,
  "a payout is the sum of its lines": sql`select p.id from payouts p left join payout_lines l on l.payout_id = p.id
    group by p.id having p.amount_minor is distinct from sum(l.amount_minor)`,
  "what is in transit is what payouts on their way add up to": sql`
    select currency from (
      select currency, amount_minor from payouts where state in ('queued', 'submitting', 'submitted', 'unclaimed', 'unknown')
      union all select currency, balance_minor from ledger_accounts where kind = 'payouts_in_transit') sums
    group by currency having sum(amount_minor) <> 0`,
  "an unknown payout has an open task": sql`select p.id from payouts p where p.state = 'unknown'
    and not exists (select from tasks t where t.closed_at is null and t.kind = 'payout_unknown' and t.subject_id in (p.id, p.attempt_id))`,
  "a state is the last one applied in the history": sql`select p.id from payouts p where p.state is distinct from
    (select e.to_state from payout_events e where e.payout_id = p.id and e.applied order by e.seq desc limit 1)`,
  "a payout that went out names its attempt": sql`select id from payouts
    where state in ('submitting', 'submitted', 'paid', 'unknown', 'unclaimed') and attempt_id is null`,
};
