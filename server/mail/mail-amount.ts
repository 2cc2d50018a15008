import type { MailAmount } from "@/emails/_parts/amount";
import type { Sentence } from "@/emails/_parts/sentence";
import { type Money, toDecimal } from "@/server/money";
import type { Phrase } from "./rules/told";

/** Money as a template takes it. */
export function toMailAmount(amount: Money): MailAmount {
  return { decimal: toDecimal(amount), currency: amount.currency };
}

/** A phrase as a template takes it. */
export function toSentence(phrase: Phrase): Sentence {
  return phrase.map((piece) => (typeof piece === "string" ? piece : toMailAmount(piece)));
}
