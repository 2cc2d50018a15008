/** Decimals that PayPal takes per currency: its own table, which differs from ISO 4217 for HUF and TWD. */
const paypalExponents: Readonly<Record<string, number>> = {
  AUD: 2,
  CAD: 2,
  CHF: 2,
  CZK: 2,
  DKK: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  HUF: 0,
  ILS: 2,
  JPY: 0,
  MXN: 2,
  NOK: 2,
  NZD: 2,
  PHP: 2,
  PLN: 2,
  SEK: 2,
  SGD: 2,
  THB: 2,
  TWD: 0,
  USD: 2,
};

const isoWithout = ["CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"];
const isoThree = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/** Decimals of a currency on PayPal; null where a PayPal balance cannot be held in it. */
export function paypalExponent(currency: string): number | null {
  return paypalExponents[currency] ?? null;
}

/** Decimals of a currency as networks write it (ISO 4217; two where this short table says nothing). */
export function isoExponent(currency: string): number {
  if (isoWithout.includes(currency)) return 0;
  return isoThree.includes(currency) ? 3 : 2;
}

/** Minor units of a plain decimal string; null when it is not one or has more decimals than `exponent`. */
export function parseDecimal(value: string, exponent: number): bigint | null {
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(value);
  if (!match) return null;
  const fraction = match[2] ?? "";
  if (fraction.length > exponent) return null;
  return BigInt((match[1] ?? "") + fraction.padEnd(exponent, "0"));
}

/** Minor units as a decimal string with exactly `exponent` decimals. */
export function formatMinor(minor: bigint, exponent: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const sign = minor < 0n ? "-" : "";
  return exponent === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-exponent)}`;
}
