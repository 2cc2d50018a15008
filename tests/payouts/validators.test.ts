import { expect, test } from "vitest";
import { type Candidate, findingsOf, type Terms } from "@/server/payouts/rules/validators";

const fit: Candidate = {
  affiliateId: "aff_1",
  name: "Ada Example",
  email: "ada@example.com",
  status: "active",
  destination: { rail: "paypal", receiver: "ada@example.com", coolsUntil: null },
  dueMinor: 5000n,
  movements: 3,
  payableMinor: 5000n,
  heldMinor: 0n,
  heldUntil: null,
  underwayMinor: 0n,
};
const terms: Terms = {
  programName: "Shoes",
  timeZone: "Europe/Berlin",
  currency: "EUR",
  minimumMinor: 1000n,
  cutOff: new Date("2026-11-30T23:00:00Z"),
  now: new Date("2026-12-02T10:00:00Z"),
  railRefuses: () => null,
};
const changed = { rail: "paypal", receiver: "new@example.com" };
const nothingDue = { dueMinor: 0n, movements: 0, payableMinor: 0n };
const heldUntil = new Date("2026-12-02T23:30:00Z");

const cases: [what: string, candidate: Partial<Candidate>, terms: Partial<Terms>, findings: string[]][] = [
  ["who is fit", {}, {}, []],
  ["exactly the minimum", { dueMinor: 1000n, payableMinor: 1000n }, {}, []],
  [
    "one cent below the minimum",
    { dueMinor: 999n },
    {},
    ["threshold blocks: 9.99 EUR is due; the minimum payout is 10.00 EUR."],
  ],
  [
    "a destination that was changed and cools off",
    { destination: { ...changed, coolsUntil: new Date("2026-12-02T10:00:01Z") } },
    {},
    [
      "cool_off blocks: The destination was changed; nothing is sent there before 2 Dec 2026, 11:00, so that a change by somebody else is noticed.",
    ],
  ],
  [
    "a destination that has cooled off",
    { destination: { ...changed, coolsUntil: new Date("2026-12-02T10:00:00Z") } },
    {},
    [],
  ],
  [
    "a suspended affiliate",
    { status: "suspended" },
    {},
    ["profile blocks: Ada Example is suspended; only active affiliates are paid."],
  ],
  ["a profile without a name", { name: " " }, {}, ["profile blocks: The profile has no name; a payout needs one."]],
  [
    "a profile without an e-mail address",
    { email: "" },
    {},
    ['profile blocks: The profile\'s e-mail address "" is not one; a payout needs one.'],
  ],
  [
    "no destination",
    { destination: null },
    {},
    ["destination blocks: No destination is set; a payout needs to know where to go."],
  ],
  [
    "what the rail refuses",
    {},
    { railRefuses: ({ receiver, amount }) => `${receiver} takes no ${amount.minor}` },
    ["rail blocks: 50.00 EUR cannot travel by PayPal: ada@example.com takes no 5000."],
  ],
  [
    "a currency without a minimum",
    {},
    { minimumMinor: null },
    ["currency blocks: Shoes has no minimum payout in EUR; without one it does not pay in that currency."],
  ],
  [
    "a currency without decimals",
    { dueMinor: 999n },
    { currency: "JPY" },
    ["threshold blocks: 999 JPY is due; the minimum payout is 1000 JPY."],
  ],
  [
    "a reversal that outweighs what was earned",
    { dueMinor: -300n, payableMinor: -300n },
    {},
    ["balance blocks: -3.00 EUR is due: more was taken back than earned, and later earnings make that up first."],
  ],
  [
    "a reversal that equals what was earned",
    { dueMinor: 0n, movements: 2, payableMinor: 0n },
    {},
    ["balance blocks: 0.00 EUR is due: as much was taken back as was earned."],
  ],
  [
    "an account that does not cover what came due",
    { payableMinor: 4999n },
    {},
    ["balance blocks: 50.00 EUR came due, but the account stands at 49.99 EUR; a payout never exceeds the account."],
  ],
  ["nothing earned", nothingDue, {}, ["balance blocks: Nothing earned yet: no EUR came due before 1 Dec 2026."]],
  [
    "everything in an earlier batch",
    { ...nothingDue, underwayMinor: 800n },
    {},
    ["balance blocks: Nothing new is due: 8.00 EUR is in a payout under way already."],
  ],
  [
    "everything held",
    { ...nothingDue, heldMinor: 1200n, heldUntil },
    {},
    ["hold blocks: 12.00 EUR is held until 3 Dec 2026."],
  ],
  [
    "everything held past its time",
    { ...nothingDue, heldMinor: 1200n, heldUntil: new Date("2026-11-01T00:00:00Z") },
    {},
    ["hold blocks: 12.00 EUR is held: its time is over, but the source has not approved it yet."],
  ],
  [
    "something held beside what is due",
    { heldMinor: 1200n, heldUntil },
    {},
    ["hold: 12.00 EUR is held until 3 Dec 2026."],
  ],
  [
    "several things at once",
    { status: "suspended", destination: null, dueMinor: 100n },
    {},
    [
      "profile blocks: Ada Example is suspended; only active affiliates are paid.",
      "destination blocks: No destination is set; a payout needs to know where to go.",
      "threshold blocks: 1.00 EUR is due; the minimum payout is 10.00 EUR.",
    ],
  ],
];

test.each(cases)("%s", (_what, candidate, more, expected) => {
  const findings = findingsOf({ ...fit, ...candidate }, { ...terms, ...more });
  expect(findings.map((f) => `${f.validator}${f.blocks ? " blocks" : ""}: ${f.finding}`)).toEqual(expected);
});

test("nobody is left out without a finding that blocks, and nobody is paid nothing or nowhere", () => {
  const amounts = [-100n, 0n, 1n, 999n, 1000n, 5000n];
  for (const dueMinor of amounts)
    for (const movements of dueMinor === 0n ? [0, 2] : [2])
      for (const payableMinor of amounts)
        for (const heldMinor of [0n, 700n])
          for (const underwayMinor of [0n, 400n])
            for (const destination of [null, fit.destination]) {
              const held = { heldMinor, heldUntil: heldMinor > 0n ? heldUntil : null };
              const candidate = { ...fit, dueMinor, movements, payableMinor, underwayMinor, destination, ...held };
              const isPaid = !findingsOf(candidate, terms).some(({ blocks }) => blocks);
              expect(isPaid).toBe(dueMinor >= 1000n && payableMinor >= dueMinor && destination !== null);
            }
});
