import { expect, test } from "vitest";
import { attribute, type Known, type Reference } from "@/server/attribution/rules/attribute";

const known: Known = {
  clicks: new Map([
    ["clk_1", { affiliateId: "aff_1", programId: "prg" }],
    ["clk_elsewhere", { affiliateId: "aff_1", programId: "other" }],
    ["clk_left", { affiliateId: "aff_gone", programId: "prg" }],
  ]),
  affiliates: new Map([
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
