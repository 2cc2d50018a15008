import { describe, expect, test } from "vitest";
import { type Deed, deedRefusals, mayDo, OPERATOR_ROLES } from "@/server/access";

/** One row a deed: who may. Everybody else is told who may. */
const DEEDS: [Deed, string][] = [
  ["manage_people", "owner admin"],
  ["connect_sources", "owner admin manager"],
  ["replay_deliveries", "owner admin manager"],
  ["resend_mails", "owner admin finance manager"],
  ["build_batches", "owner finance"],
  ["approve_batches", "owner finance"],
  ["retry_payouts", "owner finance"],
  ["settle_tasks", "owner finance"],
];

describe.each(DEEDS)("%s", (deed, who) => {
  test.each(OPERATOR_ROLES)("%s", (role) => {
    const verdict = mayDo(role, deed);
    expect(verdict.may).toBe(who.split(" ").includes(role));
    if (!verdict.may) expect(verdict.reason).toMatch(new RegExp(`^As ${role} you may not .+; owner.* may\\.$`));
  });
});

test("an owner may do everything, a viewer nothing, and the table above is whole", () => {
  expect(deedRefusals("owner")).toEqual({});
  expect(Object.keys(deedRefusals("viewer")).sort()).toEqual(DEEDS.map(([deed]) => deed).sort());
});
