import { sql } from "drizzle-orm";
import { jsonRows, type Tx } from "@/server/db";
import { assertInvariant } from "@/server/errors";
import { type ItemReport, stateAfterReport } from "@/server/rails";
import { lockAttempt } from "./attempt-row";
import { finishBatch } from "./finish-batch";
import { insertPayoutEvents, type Move, movePayouts, type NewPayoutEvent } from "./move-payouts";
import { lockPayouts, type Payout } from "./payout-row";
import { PROVEN_UNPAID } from "./rules/states";
import { sayAmount } from "./rules/words";
import { type NewTask, openTasks } from "./tasks";

/** Applies what the provider says of payouts of one attempt. Each moves along the graph or stays: a status older than the last applied one, or a
 *  step that the graph does not have, is stored and not applied; the provider's own word is kept either way. Saying the same again
 *  changes nothing.
 *  Errors: not_found. */
export async function applyReports(
  tx: Tx,
  input: { attemptId: string; items: readonly ItemReport[] },
  now: Date,
): Promise<void> {
  const attempt = await lockAttempt(tx, input.attemptId);
  const reports = new Map(input.items.map((item) => [item.payoutId, item]));
  const ids = jsonRows([...reports.keys()].map((id) => ({ id })));
  const payouts = await lockPayouts(
    tx,
    sql`p.attempt_id = ${attempt.id} and p.id in (select id from ${ids} as w(id text))`,
  );
  const moves: Move[] = [];
  const words: Move[] = [];
  const older: Move[] = [];
  const impossible: Move[] = [];
  for (const payout of payouts) {
    const report = reports.get(payout.id);
    if (!report) continue;
    const { next, step } = readReport(payout, report, now);
    if (isOlder(payout, report)) older.push(step);
    else if (next !== null) moves.push(step);
    else if (payout.state === report.status) words.push(step);
    else impossible.push(step);
  }
  await movePayouts(tx, moves, now);
  await keepWords(tx, words, now);
  await insertPayoutEvents(
    tx,
    [...older, ...impossible].map((step) => asEvent(step, false)),
    now,
  );
  await openTasks(tx, [...moves.flatMap(unreadTask), ...impossible.flatMap(contradictionTask)], now);
  if (moves.length > 0) await finishBatch(tx, attempt.batchId, now);
}

/** The step that a report asks for; `next` is null when the graph does not have it. */
function readReport(payout: Payout, report: ItemReport, now: Date) {
  const { status, rawStatus, providerItemId, occurredAt, fee } = report;
  assertInvariant(
    payout.state !== "planned",
    `payout ${payout.id} is in attempt ${payout.attemptId} before it was approved`,
  );
  const next = stateAfterReport(payout.state, status);
  const error = [report.errorCode, report.errorMessage].filter((part) => part !== null).join(": ");
  const step: Move = {
    payout,
    to: next ?? status,
    reason: error === "" ? null : error,
    eventAt: occurredAt ?? now,
    said: { status: rawStatus, itemId: providerItemId, at: occurredAt, fee },
  };
  return { next, step };
}

function asEvent(step: Move, applied: boolean): NewPayoutEvent {
  return { ...step, from: step.payout.state, applied };
}

function isOlder(payout: Payout, report: ItemReport): boolean {
  return (
    payout.providerAt !== null &&
    report.occurredAt !== null &&
    report.occurredAt.getTime() < payout.providerAt.getTime()
  );
}

/** The state stays, the provider's word for it may have changed (PENDING, then ONHOLD). */
async function keepWords(tx: Tx, words: readonly Move[], now: Date): Promise<void> {
  const changed = words.filter(
    ({ payout, said }) => said?.status !== payout.providerStatus || said?.itemId !== payout.providerItemId,
  );
  if (changed.length === 0) return;
  const rows = changed.map(({ payout, said }) => ({
    id: payout.id,
    provider_status: said?.status ?? null,
    provider_item_id: said?.itemId ?? null,
    provider_at: said?.at ?? null,
  }));
  await tx.execute(
    sql`update payouts p set provider_status = r.provider_status, provider_item_id = coalesce(r.provider_item_id, p.provider_item_id),
          provider_at = coalesce(r.provider_at, p.provider_at), updated_at = ${now.toISOString()}::timestamptz
        from ${jsonRows(rows)} as r(id text, provider_status text, provider_item_id text, provider_at timestamptz) where p.id = r.id`,
  );
  await insertPayoutEvents(
    tx,
    changed.map((word) => asEvent(word, true)),
    now,
  );
}

function unreadTask({ payout, to, said, reason }: Move): NewTask[] {
  if (to !== "unknown") return [];
  const summary = `The provider says "${said?.status}" of a payout of ${sayAmount(payout.amount)}, which says nothing known${reason === null ? "" : ` (${reason})`}`;
  return [taskOf(payout, said?.status, summary)];
}

/** Booked as unpaid, and the provider speaks of money that moves: a person must look before it is paid again. */
function contradictionTask({ payout, to, said }: Move): NewTask[] {
  const saysPaid = to === "paid" || to === "unclaimed" || to === "submitted";
  if (!(PROVEN_UNPAID.includes(payout.state) && saysPaid) && to !== "unknown") return [];
  const summary = `A payout of ${sayAmount(payout.amount)} is ${payout.state} here, but the provider says "${said?.status}": look it up there by hand`;
  return [taskOf(payout, said?.status, summary)];
}

function taskOf(payout: Payout, status: string | undefined, summary: string): NewTask {
  const evidence = { batch: payout.batchId, attempt: payout.attemptId, providerStatus: status ?? null };
  return { kind: "payout_unknown", subjectId: payout.id, summary, evidence };
}
