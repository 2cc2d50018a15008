"use client";

import { exponentOf, type Money as MoneyAmount, toDecimal } from "@/server/money";
import { classNames } from "./class-names";
import { useLocale } from "./locale";
import { ThingLink } from "./thing-link";

export type MoneyProps = {
  amount: MoneyAmount;
  /** Where its calculation is: most often a drawer (`hrefOf`). */
  href?: string;
  /** Writes + before positive amounts: for movements. */
  signed?: boolean;
  className?: string;
};

/** An amount with its currency, exact at any size, in tabular figures, as the reader writes numbers. The only place where a screen formats
 *  money. */
export function Money({ amount, href, signed = false, className }: MoneyProps) {
  const locale = useLocale();
  const shown = (
    <>
      {formatFigure(amount, locale, signed)}
      <span className="ml-[0.4em] text-[0.86em] text-ink-faint">{amount.currency}</span>
    </>
  );
  const looks = classNames("figures whitespace-nowrap", className);
  if (!href) return <span className={looks}>{shown}</span>;
  return (
    <ThingLink
      href={href}
      className={classNames(
        looks,
        "relative z-10 inline-block py-0.5 underline decoration-line-strong decoration-1 underline-offset-4 hover:decoration-accent",
      )}
    >
      {shown}
    </ThingLink>
  );
}

/** `Intl` takes the exact decimal text, so that no amount ever passes through a float. */
function formatFigure(amount: MoneyAmount, locale: string, signed: boolean): string {
  const digits = exponentOf(amount.currency);
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    signDisplay: signed ? "exceptZero" : "auto",
  })
    .format(toDecimal(amount) as Intl.StringNumericLiteral)
    .replace("-", "\u2212");
}
