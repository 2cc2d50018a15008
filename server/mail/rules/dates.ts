/** Mails are written in English, so their dates are too; the zone is the reader's. */
const LANGUAGE = "en-GB";

/** "3 Dec", with the year where it is not the year of `asOf`. */
export function dayWords(instant: Date, timeZone: string, asOf: Date): string {
  const isOtherYear = yearOf(instant, timeZone) !== yearOf(asOf, timeZone);
  const year = isOtherYear ? ({ year: "numeric" } as const) : {};
  return new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", ...year, timeZone }).format(instant);
}

/** "3 Dec, 13:00". */
export function momentWords(instant: Date, timeZone: string, asOf: Date): string {
  const time = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
  return `${dayWords(instant, timeZone, asOf)}, ${time.format(instant)}`;
}

function yearOf(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat(LANGUAGE, { year: "numeric", timeZone }).format(instant);
}
