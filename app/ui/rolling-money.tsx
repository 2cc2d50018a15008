"use client";

import NumberFlow from "@number-flow/react";
import { exponentOf, type Money as MoneyAmount, toDecimal } from "@/server/money";
import { classNames } from "./class-names";
import { useLocale } from "./locale";

/** A large amount that rolls for 200 ms when it changes, for the few figures people watch. Same look as Money. */
export function RollingMoney({ amount, className }: { amount: MoneyAmount; className?: string }) {
  const digits = exponentOf(amount.currency);
  return (
    <span className={classNames("figures inline-flex items-baseline whitespace-nowrap", className)}>
      <NumberFlow
        value={toDecimal(amount) as `${number}`}
        locales={useLocale()}
        format={{ minimumFractionDigits: digits, maximumFractionDigits: digits }}
        transformTiming={{ duration: 200, easing: "ease-out" }}
        spinTiming={{ duration: 200, easing: "ease-out" }}
        opacityTiming={{ duration: 150, easing: "ease-out" }}
        respectMotionPreference
      />
      <span className="ml-[0.35em] text-13 text-ink-faint">{amount.currency}</span>
    </span>
  );
}
