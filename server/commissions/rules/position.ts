import type { Money } from "@/server/money";
import type { Holding } from "./types";

/** Whose accounts a commission moves. */
export type Owners = { affiliateId: string; programId: string; sourceId: string };

/** One account's share of a commission, debits positive. */
export type PositionLine = { kind: PositionAccount; ownerId: string; amount: Money };

type PositionAccount =
  | "network_receivable_claimed"
  | "network_receivable_confirmed"
  | "commission_expense"
  | "affiliate_held"
  | "affiliate_payable"
  | "margin_held"
  | "margin_earned";

/** Where the money of one commission stands in the ledger, before any payout: balanced per currency by construction.
 *  With a reward in the commission's currency the network owes us, the affiliate has a share and the margin is the rest
 *  (negative when we pay more than we get). With a reward in another currency, or none, the share is our expense. */
export function positionOf(holding: Holding, owners: Owners): PositionLine[] {
  const { amount, reward, released } = holding;
  const receivable = holding.trust === "claimed" ? "network_receivable_claimed" : "network_receivable_confirmed";
  const margin = released ? "margin_earned" : "margin_held";
  const owed = line(
    released ? "affiliate_payable" : "affiliate_held",
    owners.affiliateId,
    -amount.minor,
    amount.currency,
  );
  if (reward === null) return [owed, line("commission_expense", owners.programId, amount.minor, amount.currency)];
  const claim = line(receivable, owners.sourceId, reward.minor, reward.currency);
  if (reward.currency === amount.currency) {
    return [owed, claim, line(margin, owners.programId, amount.minor - reward.minor, amount.currency)];
  }
  return [
    owed,
    line("commission_expense", owners.programId, amount.minor, amount.currency),
    claim,
    line(margin, owners.programId, -reward.minor, reward.currency),
  ];
}

/** The lines that lead from one position to another; empty when they are equal. `null` is the position of nothing. */
export function movement(from: readonly PositionLine[] | null, to: readonly PositionLine[]): PositionLine[] {
  const sums = new Map<string, PositionLine>();
  for (const [lines, sign] of [
    [from ?? [], -1n],
    [to, 1n],
  ] as const) {
    for (const { kind, ownerId, amount } of lines) {
      const key = `${kind} ${ownerId} ${amount.currency}`;
      const minor = (sums.get(key)?.amount.minor ?? 0n) + sign * amount.minor;
      sums.set(key, { kind, ownerId, amount: { minor, currency: amount.currency } });
    }
  }
  return [...sums.values()].filter((entry) => entry.amount.minor !== 0n);
}

function line(kind: PositionAccount, ownerId: string, minor: bigint, currency: string): PositionLine {
  return { kind, ownerId, amount: { minor, currency } };
}
