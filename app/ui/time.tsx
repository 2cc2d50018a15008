"use client";

import { useEffect, useState } from "react";
import { classNames } from "./class-names";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A moment: how long ago (or until when), with the exact local and UTC time in a tooltip. `format="date"` shows the day instead. */
export function Time({
  at,
  format = "relative",
  locale = "en",
  className,
}: {
  at: Date;
  format?: "relative" | "date";
  locale?: string;
  className?: string;
}) {
  const now = useNow();
  const text = format === "date" ? dayText(at, locale) : relativeText(at, now, locale);
  return (
    <time
      dateTime={at.toISOString()}
      title={`${localText(at, locale)}\n${at.toISOString().replace("T", " ").slice(0, 19)} UTC`}
      // The server knows neither the reader's zone nor the second in which this is read.
      suppressHydrationWarning
      className={classNames("figures whitespace-nowrap", className)}
    >
      {text}
    </time>
  );
}

/** Seconds matter only in the first minute, and then the events themselves redraw. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function relativeText(at: Date, now: number, locale: string): string {
  const ms = at.getTime() - now;
  const distance = Math.abs(ms);
  if (distance < 45_000) return ms > 15_000 ? "in a moment" : "just now";
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  if (distance < HOUR) return words.format(Math.round(ms / MINUTE), "minute");
  if (distance < DAY) return words.format(Math.round(ms / HOUR), "hour");
  if (distance < 14 * DAY) return words.format(Math.round(ms / DAY), "day");
  return dayText(at, locale);
}

function dayText(at: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
  }).format(at);
}

function localText(at: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
    dateStyle: "full",
    timeStyle: "long",
  }).format(at);
}
