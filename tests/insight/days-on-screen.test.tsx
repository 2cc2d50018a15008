import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LocaleProvider } from "@/app/ui/locale";
import { Money } from "@/app/ui/money";
import { StageLine } from "@/app/ui/stage-line";
import { Day, Time } from "@/app/ui/time";
import { stageOf } from "@/server/insight";

const at = new Date("2026-12-02T02:00:00Z");
const zone = process.env.TZ;
beforeEach(() => {
  process.env.TZ = "Pacific/Auckland";
});
afterEach(() => {
  process.env.TZ = zone;
});

test("what the server renders is a day of UTC, not of the machine it runs on", () => {
  expect(renderToString(<Time at={at} format="date" />)).toContain("2 Dec 2026");
});

test("a calendar day is the same day in every zone", () => {
  expect(renderToString(<Day day="2026-12-02" />)).toContain("2 Dec 2026");
});

test("the stage line names the days of its sentence", () => {
  const stage = stageOf({
    clickedAt: null,
    reportedAt: new Date("2026-11-01T12:00:00Z"),
    networkStatus: "approved",
    statusAt: new Date("2026-11-02T12:00:00Z"),
    reporter: { kind: "network", name: "Awin" },
    parkedReason: null,
    unpriced: null,
    commission: { state: "held", approvedAt: new Date("2026-11-02T12:00:00Z"), holdUntil: at, releasedAt: null },
    payout: null,
    now: new Date("2026-11-03T12:00:00Z"),
    timeZone: "America/Los_Angeles",
  });
  expect(stage.sentence).toContain("1 Dec 2026");
  const line = renderToString(<StageLine stage={stage} size="full" />);
  expect(line).toContain("1 Dec 2026</time>");
  expect(line).not.toContain("2 Dec 2026");
});

test.each([
  ["en", "12,345.60", "2 Dec 2026"],
  ["de-DE", "12.345,60", "2 Dec 2026"],
  ["en-US", "12,345.60", "Dec 2, 2026"],
  ["not a locale", "12,345.60", "2 Dec 2026"],
])("figures follow the reader's locale %s, and days its region", (locale, figure, day) => {
  const screen = renderToString(
    <LocaleProvider locale={locale}>
      <Money amount={{ minor: 1234560n, currency: "EUR" }} /> <Day day="2026-12-02" />
    </LocaleProvider>,
  );
  expect(screen).toContain(figure);
  expect(screen).toContain(day);
});
