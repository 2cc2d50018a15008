import { type Deed, type Description, describeActivity } from "./describe-activity";

/** What of a deed its own affiliate is told. A source's amount is what it pays the operator, and reasons are the words of the rail or of the
 *  operator: neither is passed on. */
const TOLD_DETAILS: Readonly<Record<string, readonly string[]>> = {
  conversion: ["order", "source"],
  commission: ["order", "amount", "currency"],
  payout: ["amount", "currency"],
};

/** A deed in words for the affiliate it is about. */
export function describeOwnActivity(deed: Deed, sources: ReadonlyMap<string, string>): Description {
  const told = TOLD_DETAILS[deed.kind.split(".")[0] ?? ""] ?? [];
  const details = Object.fromEntries(told.map((name) => [name, deed.details[name] ?? null]));
  return describeActivity({ ...deed, details }, sources);
}
