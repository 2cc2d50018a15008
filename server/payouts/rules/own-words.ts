import { railWord } from "./rail-words";
import type { State } from "./states";

type Payout = { readonly state: State; readonly reason: string | null; readonly rail: string };

/** Refusals that the affiliate alone can do something about, by the code that the stored reason begins with. Whatever else a rail says is between
 *  it and the operator. https://developer.paypal.com/docs/payouts/standard/reference/errors/ */
const RECEIVER_FAULTS: Readonly<Record<string, (rail: string) => string>> = {
  RECEIVER_UNREGISTERED: (rail) =>
    `there is no ${rail} account with this address; open one, or set another destination`,
  RECEIVER_UNCONFIRMED: (rail) => `the address is not confirmed at ${rail}; confirm it there`,
  RECEIVER_ACCOUNT_LOCKED: (rail) => `your ${rail} account is locked or takes no money; ask ${rail}`,
  RECEIVER_COUNTRY_NOT_ALLOWED: (rail) =>
    `${rail} takes no such payments in the country of your account; set another destination`,
  RECEIVING_LIMIT_EXCEEDED: (rail) => `your ${rail} account may not take that much; raise its limit there`,
};

/** What the affiliate can mend about a payout, as a clause; null when there is nothing, or when it does not matter in this state. */
export function ownFault({ state, reason, rail }: Payout): string | null {
  const code = reason?.match(/^[A-Z][A-Z0-9_]+/)?.[0] ?? "";
  const isStuck = state === "failed" || state === "returned" || state === "unclaimed";
  return isStuck && Object.hasOwn(RECEIVER_FAULTS, code) ? (RECEIVER_FAULTS[code]?.(railWord(rail)) ?? null) : null;
}

/** Why a payout stands where it stands, told to its affiliate in sentences; null where its state says it all. */
export function whyForAffiliate(payout: Payout): string | null {
  const rail = railWord(payout.rail);
  const fault = ownFault(payout);
  const because = fault === null ? "" : `: ${fault}`;
  switch (payout.state) {
    case "failed":
      return `It could not be paid${because}. The amount is available again and goes into a later payout.`;
    case "returned":
      return `It came back${because}. The amount is available again and goes into a later payout.`;
    case "reversed":
      return `${rail} took it back after paying it. The amount is available again and goes into a later payout.`;
    case "unclaimed":
      return `It was sent, but has not been taken at ${rail} yet${because}. What is not taken comes back and is available again.`;
    case "unknown":
      return `${rail} was asked to pay and has not said whether it did. We find that out before anything is sent again.`;
    default:
      return null;
  }
}
