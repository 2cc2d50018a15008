import { type SQL, sql } from "drizzle-orm";
import type { CommissionState, EffectKind, NetworkStatus } from "@/server/commissions";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { ownFault, type State } from "@/server/payouts";
import type { DigestPeriod } from "./digest-periods";
import type { PeriodBalance } from "./rules/balance-rows";
import type { CommissionStory } from "./rules/tell-commission";
import type { CorrectionStory, PayoutStory } from "./rules/tell-payout";

/** Everything one digest tells, before it is put into words. */
export type DigestStories = {
  balances: PeriodBalance[];
  commissions: CommissionStory[];
  payouts: PayoutStory[];
  corrections: CorrectionStory[];
  /** Commissions, payouts and corrections that moved but are not in the lists. */
  unlisted: number;
};

/** Commissions, and payouts and corrections, listed in one digest: a mail that somebody reads to its end. */
const LISTED_MAX = 40;

/** Reads what moved in each period, in three statements for all of them. Amounts come from both books: balances from ledger
 *  entries, movements from commission effects and, for what is not a commission's, from the ledger. */
export async function readStories(tx: Tx, periods: readonly DigestPeriod[]): Promise<Map<string, DigestStories>> {
  const stories = new Map<string, DigestStories>(
    periods.map(({ affiliateId }) => [
      affiliateId,
      { balances: [], commissions: [], payouts: [], corrections: [], unlisted: 0 },
    ]),
  );
  if (periods.length === 0) return stories;
  const rows = periods.map((p) => ({ affiliate_id: p.affiliateId, start: p.start ?? "-infinity", end: p.end }));
  const given = sql`${jsonRows(rows)} as p(affiliate_id text, start timestamptz, "end" timestamptz)`;
  await readBalances(tx, given, stories);
  await readCommissions(tx, given, stories);
  await readOthers(tx, given, stories);
  return stories;
}

async function readBalances(tx: Tx, given: SQL, stories: Map<string, DigestStories>): Promise<void> {
  const rows = await queryRows<{
    affiliate_id: string;
    kind: "affiliate_held" | "affiliate_payable";
    currency: string;
    opening: string;
    closing: string;
    moved: string;
  }>(
    tx,
    // Credits are negative in the books; what an affiliate has is shown positive.
    sql`with entries as (
          select p.affiliate_id, l.kind, l.currency, -sum(n.amount_minor) filter (where n.created_at < p.start) as opening,
            -sum(n.amount_minor) filter (where n.created_at < p."end") as closing,
            -sum(n.amount_minor) filter (where n.created_at >= p.start and n.created_at < p."end"
              and not exists (select from commission_effects e where e.id = t.cause_id)) as others
          from ${given} join ledger_accounts l on l.owner_id = p.affiliate_id and l.kind in ('affiliate_held', 'affiliate_payable')
          join ledger_entries n on n.account_id = l.id join ledger_transactions t on t.id = n.transaction_id
          group by p.affiliate_id, l.kind, l.currency
        ), effects as (
          select p.affiliate_id, d.kind, e.currency, sum(d.minor) as moved
          from ${given} join commission_effects e on e.affiliate_id = p.affiliate_id and e.created_at >= p.start and e.created_at < p."end"
          cross join lateral (values ('affiliate_held', e.held_delta_minor), ('affiliate_payable', e.payable_delta_minor)) as d(kind, minor)
          group by p.affiliate_id, d.kind, e.currency
        )
        select affiliate_id, kind, currency, coalesce(opening, 0)::text as opening, coalesce(closing, 0)::text as closing,
          (coalesce(moved, 0) + coalesce(others, 0))::text as moved
        from entries full join effects using (affiliate_id, kind, currency) order by currency, kind`,
  );
  for (const { affiliate_id, kind, currency, opening, closing, moved } of rows) {
    stories.get(affiliate_id)?.balances.push({
      kind: kind === "affiliate_held" ? "held" : "payable",
      opening: { minor: BigInt(opening), currency },
      moved: { minor: BigInt(moved), currency },
      closing: { minor: BigInt(closing), currency },
    });
  }
}

type StepRow = { kind: EffectKind; minor: string; status: NetworkStatus | null; is_new: boolean };

async function readCommissions(tx: Tx, given: SQL, stories: Map<string, DigestStories>): Promise<void> {
  const rows = await queryRows<{
    affiliate_id: string;
    moved: number;
    external_id: string;
    program: string;
    state: CommissionState;
    hold_until: string;
    currency: string;
    steps: StepRow[];
  }>(
    tx,
    sql`with moved as (
          select p.affiliate_id, p.start, p."end", e.commission_id, max(e.created_at) as latest,
            count(*) over (partition by p.affiliate_id)::int as moved,
            row_number() over (partition by p.affiliate_id order by max(e.created_at) desc, e.commission_id desc) as place
          from ${given} join commission_effects e on e.affiliate_id = p.affiliate_id and e.created_at >= p.start and e.created_at < p."end"
          group by p.affiliate_id, p.start, p."end", e.commission_id
        )
        select v.affiliate_id, v.moved, c.external_id, g.name as program, m.state, m.hold_until, m.currency, history.steps
        from moved v join commissions m on m.id = v.commission_id join conversions c on c.id = m.conversion_id join programs g on g.id = m.program_id
        cross join lateral (
          select jsonb_agg(jsonb_build_object('kind', e.kind, 'minor', e.amount_minor::text, 'status', h.to_status,
            'is_new', e.created_at >= v.start) order by e.version) as steps
          from commission_effects e left join conversion_changes h on h.id = e.change_id
          where e.commission_id = v.commission_id and e.created_at < v."end"
        ) history
        where v.place <= ${LISTED_MAX} order by v.affiliate_id, v.latest, m.id`,
  );
  for (const row of rows) {
    const story = stories.get(row.affiliate_id);
    story?.commissions.push({
      order: row.external_id,
      program: row.program,
      state: row.state,
      holdUntil: new Date(row.hold_until),
      steps: row.steps.map((step) => ({
        kind: step.kind,
        amount: { minor: BigInt(step.minor), currency: row.currency },
        status: step.status,
        isNew: step.is_new,
      })),
    });
    if (story) story.unlisted = Math.max(0, row.moved - LISTED_MAX);
  }
}

async function readOthers(tx: Tx, given: SQL, stories: Map<string, DigestStories>): Promise<void> {
  const rows = await queryRows<{
    affiliate_id: string;
    others: number;
    cause_id: string;
    currency: string;
    held: string;
    payable: string;
    payout_minor: string | null;
    rail: string | null;
    receiver: string | null;
    state: State | null;
    reason: string | null;
    is_retried: boolean;
  }>(
    tx,
    sql`with others as (
          select p.affiliate_id, p."end", t.cause_id, l.currency, coalesce(-sum(n.amount_minor) filter (where l.kind = 'affiliate_held'), 0) as held,
            coalesce(-sum(n.amount_minor) filter (where l.kind = 'affiliate_payable'), 0) as payable, min(n.created_at) as first,
            count(*) over (partition by p.affiliate_id)::int as others,
            row_number() over (partition by p.affiliate_id order by max(n.created_at) desc, t.cause_id desc) as place
          from ${given} join ledger_accounts l on l.owner_id = p.affiliate_id and l.kind in ('affiliate_held', 'affiliate_payable')
          join ledger_entries n on n.account_id = l.id and n.created_at >= p.start and n.created_at < p."end"
          join ledger_transactions t on t.id = n.transaction_id
          where not exists (select from commission_effects e where e.id = t.cause_id)
          group by p.affiliate_id, p."end", t.cause_id, l.currency
        )
        select o.affiliate_id, o.others, o.cause_id, o.currency, o.held::text as held, o.payable::text as payable,
          y.amount_minor as payout_minor, y.rail, y.receiver, y.state, y.reason,
          exists (select from payouts r where r.retry_of = y.id and r.created_at < o."end") as is_retried
        from others o left join payouts y on y.id = o.cause_id
        where o.place <= ${LISTED_MAX} order by o.affiliate_id, o.first, o.cause_id`,
  );
  const left = new Map<string, number>();
  for (const row of rows) {
    const story = stories.get(row.affiliate_id);
    const { currency } = row;
    const payable = { minor: BigInt(row.payable), currency };
    if (row.payout_minor === null || row.state === null) {
      story?.corrections.push({ causeId: row.cause_id, held: { minor: BigInt(row.held), currency }, payable });
    } else {
      story?.payouts.push({
        payoutId: row.cause_id,
        amount: { minor: BigInt(row.payout_minor), currency },
        rail: row.rail ?? "",
        receiver: row.receiver ?? "",
        state: row.state,
        fault: ownFault({ state: row.state, reason: row.reason, rail: row.rail ?? "" }),
        isRetried: row.is_retried,
        change: payable,
      });
    }
    left.set(row.affiliate_id, Math.max(0, row.others - LISTED_MAX));
  }
  for (const [affiliateId, count] of left) {
    const story = stories.get(affiliateId);
    if (story) story.unlisted += count;
  }
}
