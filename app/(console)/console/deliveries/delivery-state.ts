/** The state of a delivery as a reader is told it: what was accepted waits until its effects are there. */
export function deliveryState({ result, processedAt }: { result: string; processedAt: Date | null }): string {
  return result === "accepted" && !processedAt ? "waiting" : result;
}
