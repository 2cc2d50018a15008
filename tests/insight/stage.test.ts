import { expect, test } from "vitest";
import { type StageInput, stageOf } from "@/server/insight";

const day = (text: string) => new Date(`${text}T12:00:00Z`);

const reported: StageInput = {
  clickedAt: day("2026-11-01"),
  reportedAt: day("2026-11-02"),
  networkStatus: "pending",
  statusAt: day("2026-11-02"),
  reporter: { kind: "network", name: "Awin" },
  parkedReason: null,
  unpriced: null,
  commission: { state: "held", approvedAt: null, holdUntil: day("2026-12-02"), releasedAt: null },
  payout: null,
  now: day("2026-11-20"),
  timeZone: "UTC",
};

const approved: StageInput = {
  ...reported,
  networkStatus: "approved",
  statusAt: day("2026-11-05"),
  commission: { state: "held", approvedAt: day("2026-11-05"), holdUntil: day("2026-12-02"), releasedAt: null },
};

const payable: StageInput = {
  ...approved,
  commission: {
    state: "payable",
    approvedAt: day("2026-11-05"),
    holdUntil: day("2026-11-10"),
    releasedAt: day("2026-11-10"),
  },
};

type PayoutFacts = NonNullable<StageInput["payout"]>;

function inPayout(state: PayoutFacts["state"], more: Partial<PayoutFacts> = {}): StageInput {
  const isProvenUnpaid = ["failed", "returned", "reversed"].includes(state);
  return {
    ...payable,
    commission: payable.commission && {
      ...payable.commission,
      state: isProvenUnpaid ? "payable" : state === "paid" ? "paid" : "in_batch",
    },
    payout: {
      state,
      rail: "PayPal",
      reason: null,
      plannedAt: day("2026-11-15"),
      sentAt: day("2026-11-16"),
      settledAt: state === "paid" ? day("2026-11-17") : null,
      stateAt: day("2026-11-16"),
      ...more,
    },
  };
}

test.each<[string, StageInput, Partial<ReturnType<typeof stageOf>>]>([
  [
    "reported",
    reported,
    {
      current: "reported",
      holder: "network",
      since: day("2026-11-02"),
      next: { what: "approval by Awin", expected: null },
    },
  ],
  [
    "reported by a shop",
    { ...reported, reporter: { kind: "shop", name: "the shop" } },
    {
      current: "reported",
      holder: "shop",
      sentence: "Reported; the shop has not approved it yet. Next: approval by the shop.",
    },
  ],
  [
    "approved, held",
    approved,
    {
      current: "approved",
      holder: "us",
      since: day("2026-11-05"),
      sentence: "Approved and held against returns. Next: payable when the hold ends, expected 2 Dec 2026.",
    },
  ],
  [
    "approved, hold over, not released yet",
    { ...approved, now: day("2026-12-03") },
    { current: "approved", next: { what: "payable when the hold ends", expected: null } },
  ],
  [
    "payable",
    payable,
    {
      current: "hold over",
      holder: "us",
      since: day("2026-11-10"),
      next: { what: "part of the next payout batch", expected: null },
      sentence: "Payable. Next: part of the next payout batch.",
    },
  ],
  [
    "in a draft",
    inPayout("planned"),
    { current: "in batch", holder: "us", next: { what: "sent once the batch is approved", expected: null } },
  ],
  ["queued", inPayout("queued"), { current: "in batch", holder: "us" }],
  ["being sent", inPayout("submitting"), { current: "in batch", holder: "us" }],
  ["sent", inPayout("submitted"), { current: "sent", holder: "rail", since: day("2026-11-16") }],
  ["unclaimed", inPayout("unclaimed"), { current: "sent", holder: "rail" }],
  [
    "unknown",
    inPayout("unknown"),
    {
      current: "unknown",
      holder: "rail",
      next: { what: "looked up at PayPal before anything is sent again", expected: null },
    },
  ],
  [
    "paid",
    inPayout("paid"),
    { current: "paid", holder: "you", since: day("2026-11-17"), next: null, sentence: "Paid through PayPal." },
  ],
  [
    "failed",
    inPayout("failed", { reason: "the account is closed." }),
    {
      current: "failed",
      holder: "us",
      sentence: "The payout failed: the account is closed. It is payable again. Next: part of the next payout batch.",
    },
  ],
  ["returned", inPayout("returned"), { current: "failed", holder: "us" }],
  [
    "on hold again after a payout that came back",
    { ...inPayout("returned"), networkStatus: "pending", commission: reported.commission },
    { current: "reported", sentence: "Reported; Awin has not approved it yet. Next: approval by Awin." },
  ],
  [
    "raised after payout",
    { ...inPayout("paid"), commission: payable.commission },
    { current: "hold over", holder: "us" },
  ],
  [
    "parked",
    { ...approved, commission: null, parkedReason: 'no click is known by "x"' },
    {
      current: "parked",
      holder: "us",
      next: { what: "credited when its click or affiliate turns up", expected: null },
    },
  ],
  [
    "without a price, because the source left out the amount",
    { ...approved, commission: null, unpriced: "no_base" },
    {
      current: "parked",
      holder: "network",
      sentence:
        "No commission yet: Awin has not reported the amount that it is computed from. Next: computed when Awin reports it.",
    },
  ],
  [
    "without a price, because the operator has no rule",
    { ...approved, commission: null, unpriced: "no_rule" },
    {
      current: "parked",
      holder: "us",
      sentence:
        "No commission yet: no commission rule was in force on the day of the sale. Next: computed once a rule covers that day.",
    },
  ],
  [
    "without a price, although nothing is missing any more",
    { ...approved, commission: null, unpriced: "not_computed" },
    { current: "parked", holder: "us", next: { what: "computed when Awin reports it again", expected: null } },
  ],
  [
    "declined",
    { ...reported, networkStatus: "declined", commission: null },
    { current: "declined", holder: "network", next: null, sentence: "Awin declined it: nothing is owed for it." },
  ],
  [
    "declined while parked",
    { ...reported, networkStatus: "declined", commission: null, parkedReason: "no click" },
    { current: "declined" },
  ],
  [
    "reversed before payout",
    {
      ...approved,
      networkStatus: "reversed",
      commission: approved.commission && { ...approved.commission, state: "void" },
    },
    { current: "reversed", next: null },
  ],
  [
    "reversed after payout",
    {
      ...inPayout("paid"),
      networkStatus: "reversed",
      commission: payable.commission && { ...payable.commission, state: "clawed_back" },
    },
    { current: "reversed", next: { what: "set off against later earnings", expected: null } },
  ],
  [
    "reversed while in a payout that failed",
    {
      ...inPayout("failed"),
      networkStatus: "reversed",
      commission: payable.commission && { ...payable.commission, state: "clawed_back" },
    },
    { current: "reversed", next: null, sentence: "Awin took it back: nothing is owed for it." },
  ],
])("an amount that is %s stands at one stage, with a holder and what comes next", (_name, input, expected) => {
  expect(stageOf(input)).toMatchObject(expected);
});

test("exactly one stage is the current one, everything before it is done, everything after it is not", () => {
  for (const input of [
    reported,
    approved,
    payable,
    inPayout("queued"),
    inPayout("submitted"),
    inPayout("paid"),
    inPayout("failed"),
  ]) {
    const states = stageOf(input)
      .stages.map((step) => step.state)
      .join(" ");
    expect(states).toMatch(/^(done )*current( todo)*$/);
  }
});

test("a stage that lies ahead shows no date, even when an earlier payout once had one", () => {
  const { stages } = stageOf(inPayout("failed"));
  expect(stages.filter((step) => step.state === "todo").map((step) => step.at)).toEqual([null, null, null]);
});

test.each<[string, StageInput["commission"], string]>([
  ["approved and held", approved.commission, "approved"],
  ["payable", payable.commission, "hold over"],
  ["reported", reported.commission, "reported"],
])("what was %s when it was taken back shows how far it had come, with its dates", (_name, commission, reached) => {
  const input: StageInput = {
    ...reported,
    networkStatus: "declined",
    commission: commission && { ...commission, state: "void" },
  };
  const { stages } = stageOf(input);
  expect(stages.find(({ state }) => state === "current")).toMatchObject({ name: reached });
  expect(stages.filter(({ name, state, at }) => state !== "todo" && name !== "clicked" && at === null)).toEqual([]);
});

test("the sentence names days in the zone that is asked for", () => {
  const holdUntil = new Date("2026-12-02T02:00:00Z");
  const input = { ...approved, commission: approved.commission && { ...approved.commission, holdUntil } };
  expect(stageOf(input).sentence).toContain("expected 2 Dec 2026");
  const west = stageOf({ ...input, timeZone: "America/Los_Angeles" });
  expect(west.sentence).toContain("expected 1 Dec 2026");
  expect(west.timeZone).toBe("America/Los_Angeles");
});
