import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import type { State } from "./rules/states";
import { actionsOf } from "./rules/task-actions";
import type { TaskRow } from "./tasks-shapes";

type Row = {
  id: string;
  kind: TaskRow["kind"];
  summary: string;
  evidence: TaskRow["evidence"];
  created_at: string;
  batch_id: string | null;
  currency: string | null;
  payout_id: string | null;
  payout_state: State | null;
  payout_minor: string | null;
  affiliate_name: string | null;
  attempt_id: string | null;
  attempt_state: "submitting" | "accepted" | "rejected" | "unknown" | null;
  rail: string | null;
  provider_batch_id: string | null;
  next_check_at: string | null;
  payouts: number;
  total_minor: string;
};

/** Open tasks, newest first, after the last one of the page before, each with what it is about and what a person may do. */
export async function listTasks(tx: Tx, input: { afterId: string | null; limit: number }): Promise<TaskRow[]> {
  const after =
    input.afterId === null
      ? sql`true`
      : sql`(t.created_at, t.id) < (select created_at, id from tasks where id = ${input.afterId})`;
  const rows = await queryRows<Row>(
    tx,
    sql`with page as (select * from tasks t where t.closed_at is null and ${after} order by t.created_at desc, t.id desc limit ${input.limit})
        select t.id, t.kind, t.summary, t.evidence, t.created_at, coalesce(p.batch_id, a.batch_id) as batch_id, b.currency,
          p.id as payout_id, p.state as payout_state, p.amount_minor as payout_minor, f.name as affiliate_name,
          a.id as attempt_id, a.state as attempt_state, coalesce(a.rail, p.rail) as rail, a.provider_batch_id, a.next_check_at, s.payouts, s.total_minor
        from page t left join payouts p on p.id = t.subject_id left join affiliates f on f.id = p.affiliate_id
        left join attempts a on a.id = t.subject_id left join payout_batches b on b.id = coalesce(p.batch_id, a.batch_id)
        cross join lateral (select count(*)::int as payouts, coalesce(sum(y.amount_minor), 0)::bigint as total_minor from payouts y
          where y.attempt_id = a.id) s
        order by t.created_at desc, t.id desc`,
  );
  return rows.map(toTask);
}

/** How many tasks are open. */
export async function countOpenTasks(tx: Tx): Promise<number> {
  const [row] = await queryRows<{ tasks: number }>(
    tx,
    sql`select count(*)::int as tasks from tasks where closed_at is null`,
  );
  return row?.tasks ?? 0;
}

function toTask(row: Row): TaskRow {
  const money = (minor: string) => ({ minor: BigInt(minor), currency: row.currency ?? "" });
  return {
    id: row.id,
    kind: row.kind,
    summary: row.summary,
    evidence: row.evidence,
    createdAt: new Date(row.created_at),
    batchId: row.batch_id,
    rail: row.rail,
    payout:
      row.payout_id === null || row.payout_state === null || row.payout_minor === null
        ? null
        : {
            id: row.payout_id,
            state: row.payout_state,
            affiliateName: row.affiliate_name ?? "",
            amount: money(row.payout_minor),
          },
    attempt:
      row.attempt_id === null || row.attempt_state === null
        ? null
        : {
            id: row.attempt_id,
            state: row.attempt_state,
            providerBatchId: row.provider_batch_id,
            payouts: row.payouts,
            total: money(row.total_minor),
            nextCheckAt: row.next_check_at === null ? null : new Date(row.next_check_at),
          },
    actions: actionsOf({ kind: row.kind, attemptState: row.attempt_state, payoutState: row.payout_state }),
  };
}
