import { sql } from "drizzle-orm";
import { queryRows, type Tx } from "@/server/db";
import { Refusal } from "@/server/errors";
import type { State } from "./rules/states";
import { actionsOf, type TaskStanding } from "./rules/task-actions";

type Row = {
  kind: string;
  closed_because: string | null;
  is_closed: boolean;
  attempt_state: TaskStanding["attemptState"];
  payout_state: State | null;
};

/** Closes a task because a person has dealt with it; who and how is kept with it. Nothing about the payout changes.
 *  Errors: not_found, precondition_failed (it is closed; it is about an unknown outcome, which has to be resolved instead). */
export async function closeTask(tx: Tx, input: { taskId: string; by: string; note: string }, now: Date): Promise<void> {
  const { taskId, by, note } = input;
  const [task] = await queryRows<Row>(
    tx,
    sql`select t.kind, t.closed_because, t.closed_at is not null as is_closed, a.state as attempt_state, p.state as payout_state
        from tasks t left join attempts a on a.id = t.subject_id left join payouts p on p.id = t.subject_id
        where t.id = ${taskId} for update of t`,
  );
  if (!task) throw new Refusal("not_found", `there is no task ${taskId}`);
  if (task.is_closed) {
    throw new Refusal("precondition_failed", `task ${taskId} is closed already: ${task.closed_because}`);
  }
  const actions = actionsOf({ kind: task.kind, attemptState: task.attempt_state, payoutState: task.payout_state });
  if (!actions.includes("close")) {
    const instead = actions.includes("resolve") ? "say what became of it instead" : "it closes when the rail says";
    throw new Refusal("precondition_failed", `task ${taskId} is about an unknown outcome; ${instead}`);
  }
  await tx.execute(
    sql`update tasks set closed_at = ${now.toISOString()}::timestamptz, closed_because = ${`closed by ${by}: ${note}`} where id = ${taskId}`,
  );
}
