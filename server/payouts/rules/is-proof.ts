/** Whether a refusal proves that nothing of an attempt was ever accepted: every sending before it is known to have been refused too. Otherwise an
 *  answer may have been lost, and a refused repeat, whatever it says of the bytes, says nothing about the first sending. */
export function isProof(attempt: { state: string; sends: number; checks: number }): boolean {
  return attempt.state === "submitting" && attempt.sends <= attempt.checks + 1;
}
