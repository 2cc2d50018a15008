/** The rails as people call them. */
const RAIL_WORDS: Readonly<Record<string, string>> = { paypal: "PayPal" };

/** A rail's name inside a sentence; its own name for one that this version does not know. */
export function railWord(rail: string): string {
  return RAIL_WORDS[rail] ?? rail;
}
