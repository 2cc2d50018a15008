import { exponentOf } from "@/server/money";

/** A command that sends one sale to a source of ours, ready to paste into any shell. `orderId` makes it a new one. */
export function firstPostback(
  parts: { token: string; currency: string; affiliate: string | null },
  at: { appUrl: string; orderId: string },
): string {
  const digits = exponentOf(parts.currency);
  const query = new URLSearchParams({
    txn_id: at.orderId,
    status: "approved",
    amount: digits === 0 ? "50" : `49.${"90".padEnd(digits, "0").slice(0, digits)}`,
    payout: digits === 0 ? "5" : `4.${"99".padEnd(digits, "0").slice(0, digits)}`,
    currency: parts.currency,
    ...(parts.affiliate === null ? {} : { sub1: parts.affiliate }),
  });
  return `curl '${at.appUrl}/api/postbacks/${parts.token}?${query}'`;
}
