import { expect, test } from "vitest";
import { hrefOf } from "@/app/ui/href-of";

test.each([
  { id: "dlv_1", area: "console", href: "/console/deliveries?open=dlv_1" },
  { id: "cnv_1", area: "console", href: "/console/conversions?open=cnv_1" },
  { id: "bat_1", area: "console", href: "/console/payouts/bat_1" },
  { id: "pay_1", batchId: "bat_1", area: "console", href: "/console/payouts/bat_1?open=pay_1" },
  { id: "pay_1", area: "console", href: null },
  { id: "com_1", area: "console", href: null },
  { id: "aff_1", area: "console", href: null },
  { id: "cnv_1", area: "portal", href: "/portal/earnings?open=cnv_1" },
  { id: "pay_1", area: "portal", href: "/portal/payouts?open=pay_1" },
  { id: "com_1", area: "portal", href: null },
  { id: "dlv_1", area: "portal", href: null },
] as const)("in the $area $id leads to $href: a place that opens it, or nowhere", ({ area, href, ...thing }) => {
  expect(hrefOf(thing, area)).toBe(href);
});
