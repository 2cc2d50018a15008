import type { State } from "./states";

/** What a person may do about a task. */
export type TaskAction = "resolve" | "close";

/** What decides that: the kind, and how the attempt or payout it is about stands now. */
export type TaskStanding = {
  readonly kind: string;
  readonly attemptState: "submitting" | "accepted" | "rejected" | "unknown" | null;
  readonly payoutState: State | null;
};

/** What a person may do about a task. What is unknown stays in sight until somebody or something says what became of it: an attempt of unknown
 *  outcome is resolved, an unknown payout waits for its rail, everything else may be closed. */
export function actionsOf({ kind, attemptState, payoutState }: TaskStanding): TaskAction[] {
  if (kind !== "payout_unknown") return ["close"];
  if (attemptState === "unknown") return ["resolve"];
  return payoutState === "unknown" ? [] : ["close"];
}
