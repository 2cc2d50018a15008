/** What a colour means, everywhere: the states of money, and three plain ones. */
export type Tone = "held" | "payable" | "transit" | "paid" | "reversed" | "unknown" | "accent" | "neutral";

/** Text on the page's ground. */
export const toneText: Record<Tone, string> = {
  held: "text-held",
  payable: "text-payable",
  transit: "text-transit",
  paid: "text-paid",
  reversed: "text-reversed",
  unknown: "text-unknown",
  accent: "text-accent-ink",
  neutral: "text-ink-soft",
};

/** A quiet ground of the same hue, for badges. */
export const toneWash: Record<Tone, string> = {
  held: "bg-held-wash",
  payable: "bg-payable-wash",
  transit: "bg-transit-wash",
  paid: "bg-paid-wash",
  reversed: "bg-reversed-wash",
  unknown: "bg-transparent",
  accent: "bg-accent-wash",
  neutral: "bg-sunken",
};

/** A solid fill, for lines and bars. */
export const toneFill: Record<Tone, string> = {
  held: "bg-held",
  payable: "bg-payable",
  transit: "bg-transit",
  paid: "bg-paid",
  reversed: "bg-reversed",
  unknown: "bg-[repeating-linear-gradient(90deg,var(--unknown)_0_3px,transparent_3px_6px)]",
  accent: "bg-accent",
  neutral: "bg-line-strong",
};
