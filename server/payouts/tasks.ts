import { sql } from "drizzle-orm";
import { jsonRows, type Tx } from "@/server/db";
import { newId } from "@/server/ids";

export const TASK_KINDS = [
  /** Nobody here knows whether it was accepted, or what its rail says of it. */
  "payout_unknown",
  /** One attempt was accepted twice: money may have left behind our back. Only a person closes it. */
  "payout_accepted_twice",
  /** Its rail has refused it for now for a day. */
  "payout_waiting",
  "payout_returned",
  "payout_failed",
] as const;

export type TaskKind = (typeof TASK_KINDS)[number];

export type NewTask = {
  readonly kind: TaskKind;
  /** A payout, or the attempt when it is about all payouts in it. */
  readonly subjectId: string;
  readonly summary: string;
  readonly evidence: Readonly<Record<string, string | null>>;
};

/** Asks a person to decide. While a task of this kind and subject is open, it only takes up the newer words. */
export async function openTasks(tx: Tx, tasks: readonly NewTask[], now: Date): Promise<void> {
  if (tasks.length === 0) return;
  const rows = jsonRows(
    tasks.map((task) => ({
      id: newId("tsk", now),
      kind: task.kind,
      subject_id: task.subjectId,
      summary: task.summary,
      evidence: task.evidence,
    })),
  );
  await tx.execute(
    sql`insert into tasks (id, kind, subject_id, summary, evidence, created_at)
        select r.*, ${now.toISOString()}::timestamptz
        from ${rows} as r(id text, kind text, subject_id text, summary text, evidence jsonb)
        on conflict (kind, subject_id) where closed_at is null
        do update set summary = excluded.summary, evidence = excluded.evidence`,
  );
}

/** Closes what a fact or a deed has resolved; what is not open stays as it is. */
export async function closeTasks(
  tx: Tx,
  input: { kinds: readonly TaskKind[]; subjectIds: readonly string[]; because: string },
  now: Date,
): Promise<void> {
  if (input.subjectIds.length === 0) return;
  await tx.execute(
    sql`update tasks set closed_at = ${now.toISOString()}::timestamptz, closed_because = ${input.because}
        where closed_at is null and kind in ${input.kinds}
          and subject_id in (select id from ${jsonRows(input.subjectIds.map((id) => ({ id })))} as w(id text))`,
  );
}
