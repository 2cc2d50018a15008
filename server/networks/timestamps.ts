import { quote, Unreadable } from "./unreadable";

const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;

/** A sender's time: unix seconds (10 digits), unix milliseconds (13 digits) or ISO 8601; a time without a zone is UTC.
 *  `orderingKey` sorts as text in the order of time, down to the nanosecond, which a Date would drop.
 *  Errors: Unreadable (another form, a day that no calendar has). */
export function readTimestamp(text: string, name: string): { occurredAt: Date; orderingKey: string } {
  const unix = /^(\d{10})(\d{3})?$/.exec(text);
  if (unix) return at(Number(unix[1]), unix[2] ?? "");
  const iso = ISO.exec(text);
  const seconds = iso ? Date.parse(`${iso[1]}T${iso[2]}${iso[4] ? withColon(iso[4]) : "Z"}`) / 1000 : Number.NaN;
  // Date.parse moves the 30th of February into March.
  const isDay = iso !== null && new Date(`${iso[1]}T00:00:00Z`).toJSON()?.startsWith(iso[1] ?? "");
  if (!isDay || !(seconds >= 0)) {
    throw new Unreadable(
      `parameter ${quote(name)} is ${quote(text)}; a time is unix seconds, milliseconds or ISO 8601`,
    );
  }
  return at(seconds, iso?.[3] ?? "");
}

function at(seconds: number, fraction: string): { occurredAt: Date; orderingKey: string } {
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  return {
    occurredAt: new Date(seconds * 1000 + milliseconds),
    orderingKey: `${String(seconds).padStart(12, "0")}.${fraction.padEnd(9, "0")}`,
  };
}

function withColon(zone: string): string {
  return /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
}
