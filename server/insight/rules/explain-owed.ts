import { type Money, toDecimal } from "@/server/money";
import { capital, takingBack, type Unpriced, whyUnpriced } from "./words";

/** What decides why this much is owed on a conversion, or nothing. */
export type Owed = {
  readonly reporter: string;
  readonly networkStatus: "pending" | "approved" | "declined" | "reversed";
  readonly parkedReason: string | null;
  readonly unpriced: Unpriced | null;
  readonly commission: {
    readonly state: "held" | "payable" | "in_batch" | "paid" | "clawed_back" | "void";
    /** How the amount came about; of one that was taken back, how the last amount before that did. */
    readonly calculation: string;
    /** That last amount; the present one while nothing was taken back. */
    readonly lastOwed: Money;
  } | null;
};

/** Why what is owed now is owed, as sentences: the calculation, or that nothing is owed, why, and what it was before. */
export function explainOwed(owed: Owed): string {
  const { commission, networkStatus, reporter } = owed;
  if (commission === null) return whyNone(owed);
  const { state, calculation, lastOwed } = commission;
  if (state !== "void" && state !== "clawed_back") return calculation;
  const deed = `${capital(reporter)} ${takingBack(networkStatus)}`;
  const before = `Before that: ${calculation}`;
  if (state === "void") return `Nothing is owed: ${deed}. ${before}`;
  const amount = `${toDecimal(lastOwed)} ${lastOwed.currency}`;
  return `Nothing is owed: ${deed} after it went into a payout, so ${amount} is set off against later earnings. ${before}`;
}

function whyNone({ networkStatus, reporter, parkedReason, unpriced }: Owed): string {
  if (networkStatus === "declined" || networkStatus === "reversed") {
    return `Nothing is owed: ${capital(reporter)} ${takingBack(networkStatus)} before anything was.`;
  }
  if (parkedReason !== null) return `Nobody is credited yet: ${parkedReason}.`;
  if (unpriced !== null) return `${whyUnpriced(unpriced, reporter)}.`;
  return "It has not been computed yet.";
}
