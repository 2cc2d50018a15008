/** Why an amount is not known: no rule of ours was in force on the day of the sale; the source has not reported what the rule computes from; or
 *  both are there now and nothing has computed it yet. */
export type Unpriced = "no_rule" | "no_base" | "not_computed";

/** The missing thing in words, without a full stop. */
export function whyUnpriced(missing: Unpriced, source: string): string {
  switch (missing) {
    case "no_base":
      return `No commission yet: ${source} has not reported the amount that it is computed from`;
    case "no_rule":
      return "No commission yet: no commission rule was in force on the day of the sale";
    case "not_computed":
      return "No commission yet: what was missing is there now, and it has not been computed since";
  }
}

/** What a source did that took its word back. */
export function takingBack(status: string): string {
  return status === "declined" ? "declined it" : "took it back";
}

/** A name as it begins a sentence. */
export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
