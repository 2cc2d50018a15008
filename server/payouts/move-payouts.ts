import { sql } from "drizzle-orm";
import { recordActivity } from "@/server/activity";
import { jsonRows, type Tx } from "@/server/db";
import { assertInvariant } from "@/server/errors";
import { newId } from "@/server/ids";
import { credit, debit, postTransactions } from "@/server/ledger";
import { type Money, toDecimal } from "@/server/money";
import { canMove } from "@/server/rails";
import { chunksOf } from "./chunks";
import { markLines, releaseLines } from "./payout-lines";
import type { Payout } from "./payout-row";
import { type Posting, postingsOf } from "./rules/postings";
import { PROVEN_UNPAID, type State } from "./rules/states";
import { sayAmount } from "./rules/words";
import { closeTasks, openTasks } from "./tasks";

/** One step of one payout that the caller has locked. */
export type Move = {
  readonly payout: Payout;
  readonly to: State;
  readonly reason: string | null;
  /** When it happened: the provider's time where it gives one. */
  readonly eventAt: Date;
  readonly attemptId?: string;
  /** The provider's own words, kept as they came. */
  readonly said?: { status: string; itemId: string | null; at: Date | null; fee: Money | null };
};

/** Payouts moved by one set of statements. */
const CHUNK = 1000;

/** States that the screens tell per payout; the others are told by the batch. */
const TOLD: readonly State[] = [
  "submitted",
  "paid",
  "failed",
  "unclaimed",
  "returned",
  "reversed",
  "unknown",
  "canceled",
];

/** Moves payouts along the graph with everything that follows in the same transaction: state, history, ledger, commissions, tasks and
 *  activity, with a fixed number of statements per thousand payouts. Only here does a payout change its state.
 *  Errors: invariant_broken (a step that the graph does not have). */
export async function movePayouts(tx: Tx, moves: readonly Move[], now: Date): Promise<void> {
  for (const { payout, to } of moves) {
    assertInvariant(isStep(payout.state, to), `payout ${payout.id} is ${payout.state}; it cannot become ${to}`);
  }
  for (const chunk of chunksOf(moves, CHUNK)) {
    await updatePayouts(tx, chunk, now);
    await insertPayoutEvents(
      tx,
      chunk.map((move) => ({ ...move, from: move.payout.state, applied: true })),
      now,
    );
    await postTransactions(tx, chunk.flatMap(toTransactions), now);
    await releaseLines(tx, idsMovingTo(chunk, PROVEN_UNPAID), now);
    await markLines(tx, { payoutIds: idsMovingTo(chunk, ["paid"]), state: "paid" }, now);
    await followTasks(tx, chunk, now);
    await recordActivity(tx, chunk.filter(isTold).map(toActivity), now);
  }
}

/** One line of a payout's history. */
export type NewPayoutEvent = Pick<Move, "payout" | "to" | "reason" | "eventAt" | "attemptId" | "said"> & {
  readonly from: State | null;
  /** false: stored because it was said, but too old or impossible to act on. */
  readonly applied: boolean;
};

/** Writes history. A status that was not applied and is on record already is not written again: polls repeat themselves. */
export async function insertPayoutEvents(tx: Tx, events: readonly NewPayoutEvent[], now: Date): Promise<void> {
  if (events.length === 0) return;
  const rows = jsonRows(
    events.map(({ payout, from, to, applied, reason, eventAt, attemptId, said }) => ({
      id: newId("pev", now),
      payout_id: payout.id,
      from_state: from,
      to_state: to,
      applied,
      provider_status: said?.status ?? null,
      reason,
      attempt_id: attemptId ?? payout.attemptId,
      event_at: eventAt,
    })),
  );
  await tx.execute(
    sql`insert into payout_events (id, payout_id, from_state, to_state, applied, provider_status, reason, attempt_id, event_at, created_at)
        select r.*, ${now.toISOString()}::timestamptz
        from ${rows} as r(id text, payout_id text, from_state text, to_state text, applied boolean, provider_status text, reason text,
          attempt_id text, event_at timestamptz)
        where r.applied or not exists (select from payout_events e where e.payout_id = r.payout_id and not e.applied
          and e.provider_status is not distinct from r.provider_status and e.from_state is not distinct from r.from_state)
        order by r.payout_id`,
  );
}

/** A draft's own two steps come before the rail's graph. */
function isStep(from: State, to: State): boolean {
  if (from === "planned") return to === "queued" || to === "canceled";
  return to !== "planned" && canMove(from, to);
}

async function updatePayouts(tx: Tx, moves: readonly Move[], now: Date): Promise<void> {
  const rows = jsonRows(
    moves.map(({ payout, to, reason, attemptId, said, eventAt }) => ({
      id: payout.id,
      state: to,
      reason,
      attempt_id: attemptId ?? null,
      provider_status: said?.status ?? null,
      provider_item_id: said?.itemId ?? null,
      provider_at: said?.at ?? null,
      fee_minor: said?.fee?.minor ?? null,
      fee_currency: said?.fee?.currency ?? null,
      settled_at: to === "paid" ? eventAt : null,
    })),
  );
  await tx.execute(
    sql`update payouts p set state = r.state, reason = r.reason, attempt_id = coalesce(r.attempt_id, p.attempt_id),
          provider_status = coalesce(r.provider_status, p.provider_status),
          provider_item_id = coalesce(r.provider_item_id, p.provider_item_id), provider_at = coalesce(r.provider_at, p.provider_at),
          fee_minor = coalesce(r.fee_minor, p.fee_minor), fee_currency = coalesce(r.fee_currency, p.fee_currency),
          settled_at = coalesce(r.settled_at, p.settled_at), updated_at = ${now.toISOString()}::timestamptz
        from ${rows} as r(id text, state text, reason text, attempt_id text, provider_status text, provider_item_id text,
          provider_at timestamptz, fee_minor bigint, fee_currency text, settled_at timestamptz)
        where p.id = r.id`,
  );
}

function toTransactions({ payout, to, eventAt, said }: Move) {
  const ownerOf = (side: Posting["debit"]) => (side === "affiliate_payable" ? payout.affiliateId : payout.rail);
  return postingsOf({ from: payout.state, to, amount: payout.amount, fee: said?.fee ?? null }).map((posting) => ({
    causeId: payout.id,
    purpose: posting.purpose,
    eventAt,
    lines: [
      debit(posting.debit, ownerOf(posting.debit), posting.amount),
      credit(posting.credit, ownerOf(posting.credit), posting.amount),
    ],
  }));
}

/** Failed and returned payouts wait for a person; a fact that ends an unknown closes its task. */
async function followTasks(tx: Tx, moves: readonly Move[], now: Date): Promise<void> {
  const lost = moves.filter(({ to }) => to === "failed" || to === "returned" || to === "reversed");
  await openTasks(
    tx,
    lost.map(({ payout, to, reason, said }) => ({
      kind: to === "failed" ? "payout_failed" : "payout_returned",
      subjectId: payout.id,
      summary: `A payout of ${sayAmount(payout.amount)} ${to === "failed" ? "failed" : "came back"}: ${reason ?? "no reason was given"}`,
      evidence: { batch: payout.batchId, attempt: payout.attemptId, providerStatus: said?.status ?? null, reason },
    })),
    now,
  );
  const known = moves.filter(({ payout, to }) => payout.state === "unknown" && to !== "unknown");
  await closeTasks(
    tx,
    {
      kinds: ["payout_unknown"],
      subjectIds: known.map(({ payout }) => payout.id),
      because: "the provider said what became of it",
    },
    now,
  );
}

function isTold({ payout, to }: Move): boolean {
  return payout.state !== "planned" && TOLD.includes(to);
}

function toActivity({ payout, to, reason, eventAt, said }: Move) {
  return {
    kind: `payout.${to}`,
    subjectId: payout.id,
    affiliateId: payout.affiliateId,
    batchId: payout.batchId,
    details: {
      amount: toDecimal(payout.amount),
      currency: payout.amount.currency,
      state: to,
      reason,
      providerStatus: said?.status ?? null,
    },
    eventAt,
  };
}

function idsMovingTo(moves: readonly Move[], states: readonly State[]): string[] {
  return moves.filter(({ to }) => states.includes(to)).map(({ payout }) => payout.id);
}
