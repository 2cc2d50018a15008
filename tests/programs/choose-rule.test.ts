import { expect, test } from "vitest";
import { chooseRule, type RuleVersion } from "@/server/programs";

const version = (id: string, effectiveFrom: string, sourceId: string | null = null, number = 1): RuleVersion => ({
  id,
  programId: "prg",
  sourceId,
  name: id,
  version: number,
  base: "reward",
  pays: { kind: "percentage", ratePpm: 500_000n },
  holdDays: 30,
  effectiveFrom: new Date(effectiveFrom),
  timeZone: "UTC",
});

const versions = [
  version("general-1", "2026-01-01T00:00:00Z"),
  version("general-2", "2026-02-01T00:00:00Z", null, 2),
  version("shop-1", "2026-03-01T00:00:00Z", "src_shop"),
  { ...version("elsewhere", "2026-01-01T00:00:00Z"), programId: "other" },
];

test.each([
  ["before any took effect", "2025-12-31T23:59:59.999Z", "src_any", undefined],
  ["the moment the first takes effect", "2026-01-01T00:00:00Z", "src_any", "general-1"],
  ["a moment before the second", "2026-01-31T23:59:59.999Z", "src_any", "general-1"],
  ["when the second takes effect", "2026-02-01T00:00:00Z", "src_any", "general-2"],
  ["for its own source, before that rule", "2026-02-15T00:00:00Z", "src_shop", "general-2"],
  ["for its own source", "2026-03-01T00:00:00Z", "src_shop", "shop-1"],
  ["for another source", "2026-03-01T00:00:00Z", "src_any", "general-2"],
])("the rule in force %s", (_name, eventAt, sourceId, expected) => {
  expect(chooseRule(versions, { programId: "prg", sourceId, eventAt: new Date(eventAt) })?.id).toBe(expected);
});
