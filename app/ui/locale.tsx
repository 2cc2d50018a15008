"use client";

import { createContext, type ReactNode, useContext } from "react";

const LocaleContext = createContext("en");

/** How figures and days are written below it: BCP 47. The words around them stay English. */
export function LocaleProvider({ locale, children }: { locale: string; children: ReactNode }) {
  return <LocaleContext value={locale}>{children}</LocaleContext>;
}

/** The reader's locale, for figures. One that this browser does not know is read as English. */
export function useLocale(): string {
  const locale = useContext(LocaleContext);
  return isKnown(locale) ? locale : "en";
}

/** The reader's locale for days and times, whose words must be those of the page: English as it is written in the reader's region. */
export function dateLocaleOf(locale: string): string {
  if (locale === "en") return "en-GB";
  return `en-${new Intl.Locale(locale).maximize().region ?? "GB"}`;
}

function isKnown(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}
