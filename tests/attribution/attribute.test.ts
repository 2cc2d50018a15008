import { expect, test } from "vitest";
import { attribute, type Known, type Reference } from "@/server/attribution/rules/attribute";
import { shorten } from "@/server/attribution/rules/shorten";

const known: Known = {
  clicks: new Map([
    ["clk_1", { affiliateId: "aff_1", programId: "prg" }],
    ["clk_elsewhere", { affiliateId: "aff_1", programId: "other" }],
    ["clk_left", { affiliateId: "aff_gone", programId: "prg" }],
  ]),
  affiliates: new Map([
    ["aff_1", "aff_1"],
    ["aff_2", "aff_2"],
    ["member-2", "aff_2"],
  ]),
  enrolments: new Set(["prg aff_1", "prg aff_2"]),
};
const refer = (clickRef: string | null, subIds: Record<string, string> = {}): Reference => ({ clickRef, subIds });

test.each<[string, Reference, object]>([
  ["by its click", refer("clk_1"), { kind: "attributed", affiliateId: "aff_1", via: "click" }],
  [
    "by a click in another sub-id",
    refer(null, { sub2: "clk_1" }),
    { kind: "attributed", affiliateId: "aff_1", via: "click" },
  ],
  ["by an external id", refer("member-2"), { kind: "attributed", affiliateId: "aff_2", via: "sub_id" }],
  ["by an affiliate id", refer(null, { sub1: "aff_2" }), { kind: "attributed", affiliateId: "aff_2", via: "sub_id" }],
  [
    "by the click rather than the sub-id",
    refer("clk_1", { sub1: "member-2" }),
    { kind: "attributed", affiliateId: "aff_1", via: "click" },
  ],
  [
    "not: nothing sent",
    refer(null),
    { kind: "unattributed", reason: "the source sent neither a click id nor a sub-id" },
  ],
  ["not: unknown", refer("clk_9"), { kind: "unattributed", reason: expect.stringContaining('"clk_9"') }],
  [
    "not: another program's click",
    refer("clk_elsewhere"),
    { kind: "unattributed", reason: "the click belongs to program other" },
  ],
  [
    "not: no longer enrolled",
    refer("clk_left"),
    { kind: "unattributed", reason: "affiliate aff_gone is not enrolled in program prg" },
  ],
])("a conversion is attributed %s", (_name, reference, expected) => {
  expect(attribute("prg", reference, known)).toEqual(expected);
});

test.each([
  ["short", "short"],
  ["x".repeat(61), "x".repeat(60)],
  [`${"x".repeat(59)}😀😀`, `${"x".repeat(59)}😀`],
  ["😀".repeat(300), "😀".repeat(60)],
  [`x${"😀".repeat(300)}`, `x${"😀".repeat(59)}`],
])("%s is shortened to whole characters", (text, expected) => {
  expect(shorten(text, 60)).toBe(expected);
});

test("a reason holds no half of a surrogate pair, which the database would refuse", () => {
  const parked = attribute("prg", refer(`${"x".repeat(59)}😀`), known);
  expect(parked.kind === "unattributed" && /\p{Surrogate}/u.test(parked.reason)).toBe(false);
});

test("of several sub-ids that could be credited the first by name counts, in whatever order they came", () => {
  const attributed = { kind: "attributed", affiliateId: "aff_2", via: "sub_id" };
  expect(attribute("prg", refer(null, { sub3: "aff_1", sub2: "aff_2" }), known)).toEqual(attributed);
  expect(attribute("prg", refer(null, { sub2: "aff_2", sub3: "aff_1" }), known)).toEqual(attributed);
});
