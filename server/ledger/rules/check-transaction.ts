import { Refusal } from "@/server/errors";
import type { Line } from "./accounts";

/** What a caller asks to be posted: balanced per currency, with its cause and purpose. */
export type NewTransaction = {
  readonly causeId: string;
  readonly purpose: string;
  readonly eventAt: Date;
  readonly lines: readonly Line[];
  /** The transaction that this one corrects, by its cause and purpose. */
  readonly corrects?: { readonly causeId: string; readonly purpose: string };
};

/** Refuses what may never be posted, before the database has to.
 *  Errors: invalid_input (no lines, a zero line), invariant_broken (does not sum to zero in a currency). */
export function checkTransaction(transaction: NewTransaction): void {
  const name = `${transaction.purpose} of ${transaction.causeId}`;
  if (transaction.lines.length < 2) {
    throw new Refusal("invalid_input", `${name} has ${transaction.lines.length} lines; a transaction has at least two`);
  }
  const residues = new Map<string, bigint>();
  for (const { amount } of transaction.lines) {
    if (amount.minor === 0n) throw new Refusal("invalid_input", `${name} has a line of 0 ${amount.currency}`);
    residues.set(amount.currency, (residues.get(amount.currency) ?? 0n) + amount.minor);
  }
  for (const [currency, residue] of residues) {
    if (residue !== 0n) {
      throw new Refusal(
        "invariant_broken",
        `${name} does not balance: ${residue} minor units of ${currency} are left over`,
      );
    }
  }
}
