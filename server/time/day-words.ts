import { checkedZone } from "./zones";

/** Sentences that are stored or mailed are English, so their dates are too; the zone is the reader's. */
const LANGUAGE = "en-GB";

const SHAPES = {
  day: { day: "numeric", month: "short", year: "numeric" },
  dayOfYear: { day: "numeric", month: "short" },
  year: { year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** "3 Dec 2026": the calendar day of an instant in a zone. With `asOf`, "3 Dec" where that is in the same year.
 *  Errors: invalid_input (unknown zone). */
export function dayWords(instant: Date, timeZone: string, asOf?: Date): string {
  const year = formatter("year", timeZone);
  const isSameYear = asOf !== undefined && year.format(instant) === year.format(asOf);
  return formatter(isSameYear ? "dayOfYear" : "day", timeZone).format(instant);
}

/** "3 Dec, 13:00": the day as `dayWords` says it, and the wall-clock time in the zone.
 *  Errors: invalid_input (unknown zone). */
export function momentWords(instant: Date, timeZone: string, asOf?: Date): string {
  return `${dayWords(instant, timeZone, asOf)}, ${formatter("time", timeZone).format(instant)}`;
}

/** To make one costs a thousand times what using it does, and a plan says a day of every affiliate; there are only some hundred zones. */
const made = new Map<string, Intl.DateTimeFormat>();

function formatter(shape: keyof typeof SHAPES, timeZone: string): Intl.DateTimeFormat {
  const key = `${shape} ${timeZone}`;
  const known = made.get(key);
  if (known) return known;
  const fresh = new Intl.DateTimeFormat(LANGUAGE, { ...SHAPES[shape], timeZone: checkedZone(timeZone) });
  made.set(key, fresh);
  return fresh;
}
