/** A receiver as a mail may show it, for a mail gets forwarded: "jane.doe@example.com" becomes "ja…@example.com". */
export function maskReceiver(receiver: string): string {
  const at = receiver.lastIndexOf("@");
  return at > 0 ? `${receiver.slice(0, Math.min(2, at - 1))}…${receiver.slice(at)}` : `…${receiver.slice(-2)}`;
}
