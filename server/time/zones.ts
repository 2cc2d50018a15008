import { tz } from "@date-fns/tz";
import { addDays, format, setHours, startOfDay } from "date-fns";
import { Refusal } from "@/server/errors";

/** The calendar day of an instant in a zone, "YYYY-MM-DD". Errors: invalid_input (unknown zone). */
export function dayIn(instant: Date, timeZone: string): string {
  return format(instant, "yyyy-MM-dd", { in: tz(checkedZone(timeZone)) });
}

/** The instant `days` calendar days later at the same wall-clock time in the zone (a day may have 23 or 25 hours). */
export function daysLater(instant: Date, days: number, timeZone: string): Date {
  const minute = Math.floor(instant.getTime() / 60_000);
  if (last.minute !== minute || last.days !== days || last.timeZone !== timeZone) {
    const later = addDays(instant, days, { in: tz(checkedZone(timeZone)) });
    last = { minute, days, timeZone, ms: later.getTime() - instant.getTime() };
  }
  return new Date(instant.getTime() + last.ms);
}

/** How far the last instant was moved: clocks change on whole minutes, so instants of one minute are moved alike, and those of a
 *  chunk of conversions often share one. */
let last = { minute: Number.NaN, days: 0, timeZone: "", ms: 0 };

/** The latest of the given wall-clock hours in the zone that is not after `instant`. Hours must be sorted, 0 to 23. */
export function latestSlot(instant: Date, hours: readonly number[], timeZone: string): Date {
  const context = { in: tz(checkedZone(timeZone)) };
  const today = startOfDay(instant, context);
  for (const day of [today, addDays(today, -1, context)]) {
    for (const hour of [...hours].reverse()) {
      const at = new Date(setHours(day, hour, context).getTime());
      if (at.getTime() <= instant.getTime()) return at;
    }
  }
  throw new Refusal("invalid_input", `no hours given to find a slot before ${instant.toISOString()}`);
}

/** Asking Intl costs more than everything else here, and there are only some hundred zones. */
const known = new Set<string>();

/** The zone itself. Errors: invalid_input (it is not one of the IANA list). */
export function checkedZone(timeZone: string): string {
  if (known.has(timeZone)) return timeZone;
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    known.add(timeZone);
    return timeZone;
  } catch {
    throw new Refusal("invalid_input", `"${timeZone}" is not a time zone of the IANA list`);
  }
}
