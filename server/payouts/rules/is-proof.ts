/** Whether a refusal proves that nothing of an attempt was ever accepted. It does when it is about the bytes themselves (they are always the same),
 *  or when every sending before it is known to have been refused too. Otherwise an answer may have been lost, and a refused repeat
 *  says nothing about the first sending. */
export function isProof(
  attempt: { state: string; sends: number; checks: number },
  outcome: { refusedItems?: readonly number[] },
): boolean {
  if ((outcome.refusedItems?.length ?? 0) > 0) return true;
  return attempt.state === "submitting" && attempt.sends <= attempt.checks + 1;
}
