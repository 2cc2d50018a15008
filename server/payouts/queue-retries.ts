import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import { newId } from "@/server/ids";
import { toDecimal } from "@/server/money";
import { momentWords } from "@/server/time";
import { insertPayouts, type NewPayout } from "./insert-payouts";
import { lockBalances } from "./lock-balances";
import { movePayouts } from "./move-payouts";
import { markLines } from "./payout-lines";
import { lockPayouts, type Payout } from "./payout-row";
import { RETRYABLE } from "./rules/states";
import { sayAmount } from "./rules/words";
import { closeTasks } from "./tasks";

/** The new payouts, and what was left as it is with the reason. */
export type RetriedPayouts = {
  retried: { payoutId: string; retryId: string }[];
  refused: { payoutId: string; reason: string }[];
  /** The batches that have something to send again. */
  batchIds: string[];
};

/** Queues successors of payouts that are proven unpaid, as far as they can have one; see retryPayouts.
 *  Errors: not_found. */
export async function queueRetries(
  tx: Tx,
  input: { payoutIds: readonly string[]; by: string },
  now: Date,
): Promise<RetriedPayouts> {
  const ids = sql`select id from ${jsonRows([...new Set(input.payoutIds)].map((id) => ({ id })))} as w(id text)`;
  // Planning holds this lock too: only one of the two can take a movement.
  await tx.execute(
    sql`select 1 from programs where id in (select program_id from payouts where id in (${ids})) order by id for no key update`,
  );
  const payouts = await lockPayouts(tx, sql`p.id in (${ids})`);
  const known = new Set(payouts.map(({ id }) => id));
  const missing = input.payoutIds.find((id) => !known.has(id));
  if (missing !== undefined) throw new Refusal("not_found", `there is no payout ${missing}`);
  const balances = await lockBalances(tx, sql`select affiliate_id, currency from payouts where id in (${ids})`);
  const standings = await readStandings(tx, payouts);
  const refused: RetriedPayouts["refused"] = [];
  const successors: Successor[] = [];
  for (const payout of payouts) {
    const judged = judge(payout, standings.get(payout.id), balances, now);
    if ("reason" in judged) refused.push({ payoutId: payout.id, reason: judged.reason });
    else successors.push(successorOf(payout, judged, now));
  }
  if (successors.length > 0) await queueSuccessors(tx, successors, input.by, now);
  return {
    retried: successors.map(({ id, retryOf }) => ({ payoutId: retryOf, retryId: id })),
    refused,
    batchIds: [...new Set(successors.map(({ batchId }) => batchId))],
  };
}

type Successor = NewPayout & { readonly retryOf: string };

type Standing = {
  status: string;
  rail: string | null;
  receiver: string | null;
  cools_until: string | null;
  retried_as: string | null;
  free_minor: string | null;
};

async function readStandings(tx: Tx, payouts: readonly Payout[]): Promise<Map<string, Standing>> {
  const rows = await queryRows<Standing & { id: string }>(
    tx,
    sql`select p.id, a.status, d.rail, d.receiver, d.cools_until, (select r.id from payouts r where r.retry_of = p.id) as retried_as,
          (select sum(l.amount_minor) from payout_lines l where l.payout_id = p.id
            and not exists (select from payout_lines o where o.effect_id = l.effect_id and o.active))::bigint as free_minor
        from ${jsonRows(payouts.map(({ id }) => ({ id })))} as w(id text) join payouts p using (id) join affiliates a on a.id = p.affiliate_id
        left join lateral (select rail, receiver, cools_until from destinations where affiliate_id = p.affiliate_id and ended_at is null
          order by created_at desc, id desc limit 1) d on true`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

type Judged = { reason: string } | { rail: string; receiver: string; minor: bigint };

function judge(payout: Payout, standing: Standing | undefined, balances: Map<string, bigint>, now: Date): Judged {
  if (!RETRYABLE.includes(payout.state)) {
    return { reason: `is ${payout.state}; only a payout that is proven failed or returned can be retried` };
  }
  if (standing?.retried_as) return { reason: `was retried already, as ${standing.retried_as}` };
  if (standing?.status !== "active")
    return { reason: "belongs to a suspended affiliate; only active affiliates are paid" };
  const { rail, receiver } = standing;
  if (rail === null || receiver === null) return { reason: "has no destination any more; set one first" };
  if (standing.cools_until !== null && new Date(standing.cools_until) > now) {
    const until = momentWords(new Date(standing.cools_until), "UTC");
    return { reason: `goes to a destination that was changed; nothing is sent there before ${until} UTC` };
  }
  const minor = BigInt(standing.free_minor ?? "0");
  if (minor <= 0n) return { reason: "has nothing left to pay: another batch has taken its commissions" };
  const key = `${payout.affiliateId} ${payout.amount.currency}`;
  const payableMinor = balances.get(key) ?? 0n;
  if (payableMinor < minor) {
    const { currency } = payout.amount;
    const asked = `${sayAmount({ minor, currency })} would be sent, but the account stands at ${sayAmount({ minor: payableMinor, currency })}`;
    return { reason: `cannot be retried: ${asked}; the next batch pays what is due then` };
  }
  // One affiliate may have several failed payouts: the next one sees what this one takes.
  balances.set(key, payableMinor - minor);
  return { rail, receiver, minor };
}

function successorOf(payout: Payout, to: { rail: string; receiver: string; minor: bigint }, now: Date): Successor {
  return {
    ...payout,
    id: newId("pay", now),
    amount: { minor: to.minor, currency: payout.amount.currency },
    rail: to.rail,
    receiver: to.receiver,
    state: "planned",
    providerStatus: null,
    providerItemId: null,
    providerAt: null,
    attemptId: null,
    retryOf: payout.id,
  };
}

async function queueSuccessors(tx: Tx, successors: readonly Successor[], by: string, now: Date): Promise<void> {
  await insertPayouts(tx, successors, `retried by ${by}`, now);
  const pairs = jsonRows(successors.map(({ id, retryOf }) => ({ id, retry_of: retryOf })));
  await tx.execute(
    sql`insert into payout_lines (payout_id, effect_id, commission_id, amount_minor, currency, active, created_at)
        select w.id, l.effect_id, l.commission_id, l.amount_minor, l.currency, true, ${now.toISOString()}::timestamptz
        from ${pairs} as w(id text, retry_of text) join payout_lines l on l.payout_id = w.retry_of
        where not exists (select from payout_lines o where o.effect_id = l.effect_id and o.active)`,
  );
  await movePayouts(
    tx,
    successors.map((payout) => ({ payout, to: "queued", reason: null, eventAt: now })),
    now,
  );
  await markLines(tx, { payoutIds: successors.map(({ id }) => id), state: "in_batch" }, now);
  const retried = successors.map(({ retryOf }) => retryOf);
  await closeTasks(
    tx,
    { kinds: ["payout_failed", "payout_returned"], subjectIds: retried, because: `retried by ${by}` },
    now,
  );
  // The new payouts hold their batch by its foreign key: nobody finishes it before they are committed, and who was first is seen here.
  const batchIds = jsonRows([...new Set(successors.map(({ batchId }) => batchId))].map((id) => ({ id })));
  await tx.execute(
    sql`update payout_batches set state = 'approved', finished_at = null where state = 'finished' and id in (select id from ${batchIds} as w(id text))`,
  );
  await recordActivity(
    tx,
    successors.map(({ id, retryOf, affiliateId, batchId, amount }) => ({
      kind: "payout.retried",
      subjectId: id,
      affiliateId,
      batchId,
      details: { amount: toDecimal(amount), currency: amount.currency, retryOf },
      eventAt: now,
    })),
    now,
  );
}
