import { CheckCheck, CircleDot, Hourglass, type LucideIcon, Send } from "lucide-react";
import type { BalanceName } from "@/server/insight";
import type { Tone } from "./tones";

type Words = {
  word: string;
  /** How an affiliate is told. */
  ownWord: string;
  means: string;
  /** What its lines are, for a count of them: singular and plural. */
  lines: readonly [string, string];
  tone: Tone;
  icon: LucideIcon;
};

/** The four figures of a balance: the word, the hue, the icon and the meaning of each. The same in console and portal. */
export const balanceWords: Record<BalanceName, Words> = {
  held: {
    word: "Held",
    ownWord: "Held",
    means: "Earned; waits for approval and the end of its hold.",
    lines: ["ledger entry", "ledger entries"],
    tone: "held",
    icon: Hourglass,
  },
  payable: {
    word: "Payable",
    ownWord: "Available",
    means: "Goes into the next payout.",
    lines: ["ledger entry", "ledger entries"],
    tone: "payable",
    icon: CircleDot,
  },
  inTransit: {
    word: "In transit",
    ownWord: "On its way",
    means: "Approved and on its way; not confirmed yet.",
    lines: ["payout", "payouts"],
    tone: "transit",
    icon: Send,
  },
  paid: {
    word: "Paid",
    ownWord: "Paid",
    means: "Has arrived.",
    lines: ["payout", "payouts"],
    tone: "paid",
    icon: CheckCheck,
  },
};

/** A balance as the URL names it: `payable.EUR`, or of one affiliate `payable.EUR.aff_…`. */
export type BalanceRef = { balance: BalanceName; currency: string; affiliateId: string | null };

/** The value of `?open=` that opens what a balance is made of. */
export function balanceId(balance: BalanceName, currency: string, affiliateId?: string): string {
  return [balance, currency, ...(affiliateId ? [affiliateId] : [])].join(".");
}

/** Reads `balanceId` back; null for the id of anything else. */
export function balanceOf(openId: string | null): BalanceRef | null {
  const [balance = "", currency = "", affiliateId = null] = openId?.split(".") ?? [];
  if (!Object.hasOwn(balanceWords, balance) || !/^[A-Z]{3}$/.test(currency)) return null;
  return { balance: balance as BalanceName, currency, affiliateId };
}
