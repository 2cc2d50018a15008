/** The rails as people call them. */
const railWords: Record<string, string> = { paypal: "PayPal" };

/** A rail's name in words; its own name for one that this version does not know. */
export function railWord(rail: string): string {
  return railWords[rail] ?? rail;
}
