import { expect, test, vi } from "vitest";
import { dayWords, momentWords } from "@/server/time";

const newYear = new Date("2026-12-31T23:30:00Z");

test.each([
  ["UTC", undefined, "31 Dec 2026"],
  ["UTC", newYear, "31 Dec"],
  ["Europe/Berlin", undefined, "1 Jan 2027"],
  ["Europe/Berlin", newYear, "1 Jan"],
  ["Europe/Berlin", new Date("2026-12-31T10:00:00Z"), "1 Jan 2027"],
  ["America/Los_Angeles", undefined, "31 Dec 2026"],
])("in %s, told in the year of %s, New Year's Eve is %s: the year only where it is another", (zone, asOf, words) => {
  expect(dayWords(newYear, zone, asOf)).toBe(words);
});

test("a moment has its wall-clock time in the zone", () => {
  expect(momentWords(newYear, "Europe/Berlin", newYear)).toBe("1 Jan, 00:30");
  expect(momentWords(newYear, "UTC")).toBe("31 Dec 2026, 23:30");
});

test("a zone that does not exist is refused by name", () => {
  expect(() => dayWords(newYear, "Mars/Olympus")).toThrow('"Mars/Olympus" is not a time zone of the IANA list');
});

test("a zone's formatters are made once: planning says a day of every affiliate, and making one costs a thousand times what using it does", () => {
  const say = () => momentWords(newYear, "Asia/Kathmandu", newYear);
  say();
  const making = vi.spyOn(Intl, "DateTimeFormat");
  for (let n = 0; n < 1_000; n++) say();
  expect(making).not.toHaveBeenCalled();
  making.mockRestore();
});
