/** A finished amount: exact decimal text in major units ("-12.30") with its currency. Nothing is computed from it. */
export type MailAmount = { readonly decimal: string; readonly currency: string };

/** The amount in the reader's number format, with its currency. Shows exactly the digits it was given: the decimal text goes to Intl
 *  unchanged, so neither a large amount nor a currency whose digits Intl counts otherwise (MGA) is rounded. */
export function formatAmount(amount: MailAmount, locale: string, sign: "auto" | "exceptZero" = "auto"): string {
  const digits = amount.decimal.split(".")[1]?.length ?? 0;
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: amount.currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: sign,
  });
  return format.format(amount.decimal as Intl.StringNumericLiteral);
}

/** An amount inside a sentence or a cell; it never breaks across lines. */
export function Amount({ amount, locale, isChange }: { amount: MailAmount; locale: string; isChange?: boolean }) {
  return (
    <span style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}>
      {formatAmount(amount, locale, isChange ? "exceptZero" : "auto")}
    </span>
  );
}
