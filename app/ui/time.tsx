"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { classNames } from "./class-names";
import { dateLocaleOf, useLocale } from "./locale";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A moment: how long ago (or until when), with the exact time in the zone and in UTC in a tooltip. `format="date"` shows the day instead.
 *  `timeZone`: where the day is one that a sentence names too; else days are the reader's own, and UTC until the browser has said which
 *  those are. */
export function Time({
  at,
  format = "relative",
  timeZone,
  className,
}: {
  at: Date;
  format?: "relative" | "date";
  timeZone?: string;
  className?: string;
}) {
  const now = useNow();
  const isHydrated = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
  const zone = timeZone ?? (isHydrated ? undefined : "UTC");
  const locale = dateLocaleOf(useLocale());
  const text = format === "date" ? dayText(at, locale, zone) : relativeText(at, now, locale, zone);
  return (
    <time
      // React leaves a text that differs from the server's as it was sent: a new element has the reader's.
      key={isHydrated ? "here" : "sent"}
      dateTime={at.toISOString()}
      title={`${fullText(at, locale, zone)}\n${at.toISOString().replace("T", " ").slice(0, 19)} UTC`}
      // The server does not know the second in which this is read.
      suppressHydrationWarning
      className={classNames("figures whitespace-nowrap", className)}
    >
      {text}
    </time>
  );
}

/** A calendar day, "YYYY-MM-DD", which is the same day in every zone. */
export function Day({ day }: { day: string }) {
  const locale = dateLocaleOf(useLocale());
  return (
    <time dateTime={day} className="figures whitespace-nowrap">
      {dayText(new Date(`${day}T00:00:00Z`), locale, "UTC")}
    </time>
  );
}

function neverChanges(): () => void {
  return () => {};
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

function relativeText(at: Date, now: number, locale: string, timeZone: string | undefined): string {
  const ms = at.getTime() - now;
  const distance = Math.abs(ms);
  if (distance < 45_000) return ms > 15_000 ? "in a moment" : "just now";
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
  if (distance < HOUR) return words.format(Math.round(ms / MINUTE), "minute");
  if (distance < DAY) return words.format(Math.round(ms / HOUR), "hour");
  if (distance < 14 * DAY) return words.format(Math.round(ms / DAY), "day");
  return dayText(at, locale, timeZone);
}

function dayText(at: Date, locale: string, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone }).format(at);
}

function fullText(at: Date, locale: string, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long", timeZone }).format(at);
}
