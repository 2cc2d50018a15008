import { expect, test } from "vitest";
import { dayIn, daysLater, latestSlot } from "@/server/time";

test.each([
  ["the night the clocks go forward", "2026-03-28T12:00:00Z", 1, "Europe/Berlin", "2026-03-29T11:00:00.000Z"],
  ["the night they go back", "2026-10-24T12:00:00Z", 1, "Europe/Berlin", "2026-10-25T13:00:00.000Z"],
  ["a leap day", "2028-02-28T00:00:00Z", 1, "UTC", "2028-02-29T00:00:00.000Z"],
  ["a year's end", "2026-12-31T12:00:00Z", 1, "UTC", "2027-01-01T12:00:00.000Z"],
  ["no days", "2026-06-01T12:00:00Z", 0, "Asia/Tokyo", "2026-06-01T12:00:00.000Z"],
])("days are calendar days over %s", (_name, from, days, zone, expected) => {
  expect(daysLater(new Date(from), days, zone).toISOString()).toBe(expected);
});

test.each([
  ["just after a slot", "2026-07-01T11:00:00Z", "Europe/Berlin", "2026-07-01T11:00:00.000Z"],
  ["a moment before it", "2026-07-01T10:59:59.999Z", "Europe/Berlin", "2026-07-01T06:00:00.000Z"],
  ["before the first of the day", "2026-07-01T05:00:00Z", "Europe/Berlin", "2026-06-30T16:00:00.000Z"],
  ["in winter", "2026-01-15T12:00:00Z", "Europe/Berlin", "2026-01-15T12:00:00.000Z"],
  ["far east", "2026-01-15T00:00:00Z", "Asia/Tokyo", "2026-01-14T23:00:00.000Z"],
  ["on the day the clocks go forward", "2026-03-29T06:00:00Z", "Europe/Berlin", "2026-03-29T06:00:00.000Z"],
])("the latest of 8, 13 and 18 o'clock %s", (_name, at, zone, expected) => {
  expect(latestSlot(new Date(at), [8, 13, 18], zone).toISOString()).toBe(expected);
});

test("the calendar day depends on the zone", () => {
  const instant = new Date("2026-01-01T00:30:00Z");
  expect([dayIn(instant, "America/New_York"), dayIn(instant, "Asia/Tokyo")]).toEqual(["2025-12-31", "2026-01-01"]);
});

test("an unknown zone is refused", () => {
  expect(() => dayIn(new Date(0), "Mars/Olympus")).toThrow(/Mars\/Olympus/);
});
