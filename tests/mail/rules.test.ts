import { describe, expect, test } from "vitest";
import { formatAmount } from "@/emails/_parts/amount";
import { checkedBalances, type PeriodBalance } from "@/server/mail/rules/balance-rows";
import { digestSlot } from "@/server/mail/rules/digest-slot";
import { maskReceiver } from "@/server/mail/rules/mask-receiver";
import { type CommissionStory, tellCommission } from "@/server/mail/rules/tell-commission";
import { type PayoutStory, tellPayout } from "@/server/mail/rules/tell-payout";
import type { Phrase } from "@/server/mail/rules/told";

const eur = (minor: bigint) => ({ minor, currency: "EUR" });
const plain = (phrase: Phrase) =>
  phrase.map((piece) => (typeof piece === "string" ? piece : `<${piece.minor}>`)).join("");

test.each([
  {
    zone: "UTC",
    now: "2026-03-02T13:05:00Z",
    slot: "2026-03-02T13:00:00Z",
    what: "five minutes after the hour the slot is settled",
  },
  {
    zone: "UTC",
    now: "2026-03-02T13:04:59Z",
    slot: "2026-03-02T08:00:00Z",
    what: "a second earlier it is still the slot before",
  },
  {
    zone: "UTC",
    now: "2026-03-02T03:00:00Z",
    slot: "2026-03-01T18:00:00Z",
    what: "before the first hour it is yesterday's last",
  },
  { zone: "Europe/Berlin", now: "2026-03-28T07:30:00Z", slot: "2026-03-28T07:00:00Z", what: "08:00 in winter" },
  {
    zone: "Europe/Berlin",
    now: "2026-03-29T07:30:00Z",
    slot: "2026-03-29T06:00:00Z",
    what: "08:00 on the day the clocks go forward",
  },
  {
    zone: "Europe/Berlin",
    now: "2026-10-25T07:30:00Z",
    slot: "2026-10-25T07:00:00Z",
    what: "08:00 on the day they go back",
  },
  {
    zone: "America/Los_Angeles",
    now: "2026-03-08T18:00:00Z",
    slot: "2026-03-08T15:00:00Z",
    what: "08:00 where the change comes after midnight UTC",
  },
  { zone: "America/Los_Angeles", now: "2026-11-01T18:00:00Z", slot: "2026-11-01T16:00:00Z", what: "and in autumn" },
  { zone: "America/Adak", now: "2026-03-08T20:00:00Z", slot: "2026-03-08T17:00:00Z", what: "and further west" },
  {
    zone: "Pacific/Auckland",
    now: "2026-04-04T22:00:00Z",
    slot: "2026-04-04T20:00:00Z",
    what: "08:00 where the day begins before UTC's",
  },
  {
    zone: "Asia/Kathmandu",
    now: "2026-03-02T03:00:00Z",
    slot: "2026-03-02T02:15:00Z",
    what: "08:00 where the offset has minutes",
  },
])("in $zone at $now the digest ends at $slot: $what", ({ zone, now, slot }) => {
  expect(digestSlot(new Date(now), zone)).toEqual(new Date(slot));
});

const END = new Date("2026-11-20T12:00:00Z");
const LATER = new Date("2026-12-03T10:00:00Z");
const accrued = { kind: "accrue", amount: eur(240n), status: "pending", isNew: false } as const;
const approved = { kind: "approve", amount: eur(240n), status: "approved", isNew: false } as const;
const released = { kind: "release", amount: eur(240n), status: null, isNew: false } as const;
const fresh = <Step extends { isNew: boolean }>(step: Step) => ({ ...step, isNew: true });

const stories: { name: string; story: Partial<CommissionStory>; says: string; stage: string }[] = [
  {
    name: "reported",
    story: { steps: [fresh(accrued)] },
    says: "<240> reported. Waiting for approval by Shoe Shop. Held until 3 Dec at the earliest.",
    stage: "2 Reported · held until 3 Dec",
  },
  {
    name: "approved after it was told before",
    story: { steps: [accrued, fresh(approved)] },
    says: "<240> approved. Held until 3 Dec, then in the next payout.",
    stage: "3 Approved · held until 3 Dec",
  },
  {
    name: "reported as approved at once",
    story: { steps: [fresh({ ...accrued, status: "approved" })] },
    says: "<240> reported and approved. Held until 3 Dec, then in the next payout.",
    stage: "3 Approved · held until 3 Dec",
  },
  {
    name: "reported and then approved: the amount once",
    story: { steps: [fresh(accrued), fresh(approved)] },
    says: "<240> reported, then approved. Held until 3 Dec, then in the next payout.",
    stage: "3 Approved · held until 3 Dec",
  },
  {
    name: "approval missing when the hold is over",
    story: { steps: [fresh(accrued)], holdUntil: new Date("2026-11-19T00:00:00Z") },
    says: "<240> reported. It becomes payable when Shoe Shop approves it.",
    stage: "2 Reported · hold over",
  },
  {
    name: "held into next year",
    story: { steps: [accrued, fresh(approved)], holdUntil: new Date("2027-01-05T00:00:00Z") },
    says: "<240> approved. Held until 5 Jan 2027, then in the next payout.",
    stage: "3 Approved · held until 5 Jan 2027",
  },
  {
    name: "changed and approved in one",
    story: { steps: [accrued, { kind: "adjust", amount: eur(180n), status: "approved", isNew: true }] },
    says: "changed from <240> to <180> and approved. Held until 3 Dec, then in the next payout.",
    stage: "3 Approved · held until 3 Dec",
  },
  {
    name: "a correction that leaves the amount",
    story: { steps: [accrued, { kind: "adjust", amount: eur(240n), status: "pending", isNew: true }] },
    says: "<240> unchanged after a correction by the network. Waiting for approval by Shoe Shop. Held until 3 Dec at the earliest.",
    stage: "2 Reported · held until 3 Dec",
  },
  {
    name: "declined while held",
    story: { state: "void", steps: [accrued, { kind: "decline", amount: eur(0n), status: "declined", isNew: true }] },
    says: "<240> declined. Nothing is owed for it unless Shoe Shop approves it after all.",
    stage: "2 ✕ Declined",
  },
  {
    name: "approved after all",
    story: {
      steps: [
        accrued,
        { kind: "decline", amount: eur(0n), status: "declined", isNew: false },
        { kind: "reinstate", amount: eur(240n), status: "approved", isNew: true },
      ],
    },
    says: "<240> approved after all. Held until 3 Dec, then in the next payout.",
    stage: "3 Approved · held until 3 Dec",
  },
  {
    name: "released",
    story: { state: "payable", steps: [accrued, approved, fresh(released)] },
    says: "<240> payable, as the hold has ended. It goes into your next payout.",
    stage: "4 Payable · in the next payout",
  },
  {
    name: "reversed when it was payable",
    story: {
      state: "void",
      steps: [accrued, approved, released, { kind: "reverse", amount: eur(0n), status: "reversed", isNew: true }],
    },
    says: "<240> reversed. It is taken off your payable balance, and off your next payout.",
    stage: "4 ✕ Reversed",
  },
  {
    name: "confirmed when it was paid",
    story: {
      state: "paid",
      steps: [accrued, approved, released, { kind: "confirm", amount: eur(240n), status: "approved", isNew: true }],
    },
    says: "<240> confirmed by the network. It has been paid to you.",
    stage: "7 Paid",
  },
  {
    name: "changed when it was paid",
    story: {
      state: "paid",
      steps: [accrued, approved, released, { kind: "adjust", amount: eur(180n), status: "approved", isNew: true }],
    },
    says: "changed from <240> to <180>. The difference goes into your next payout.",
    stage: "7 Paid",
  },
  {
    name: "changed before a second release: the difference is in the payout already",
    story: {
      state: "paid",
      steps: [
        accrued,
        approved,
        released,
        { kind: "unapprove", amount: eur(240n), status: "pending", isNew: true },
        { kind: "adjust", amount: eur(180n), status: "approved", isNew: true },
        { kind: "release", amount: eur(180n), status: null, isNew: true },
      ],
    },
    says: "<240> waiting for approval again, then changed from <240> to <180> and approved, then <180> payable, as the hold has ended. It has been paid to you.",
    stage: "7 Paid",
  },
  {
    name: "released, and then the source is undecided again",
    story: {
      state: "held",
      steps: [accrued, approved, released, { kind: "unapprove", amount: eur(240n), status: "pending", isNew: true }],
      holdUntil: new Date("2026-11-19T00:00:00Z"),
    },
    says: "<240> waiting for approval again. It becomes payable when Shoe Shop approves it.",
    stage: "2 Reported · hold over",
  },
  {
    name: "released into a batch",
    story: { state: "in_batch", steps: [accrued, approved, fresh(released)] },
    says: "<240> payable, as the hold has ended. It is part of a payout; you get a mail when that has arrived.",
    stage: "5 In batch",
  },
  {
    name: "back and forth: only the last four clauses",
    story: {
      steps: [
        fresh(accrued),
        fresh(approved),
        { kind: "approve", amount: eur(240n), status: "pending", isNew: true },
        fresh(approved),
        { kind: "confirm", amount: eur(240n), status: "approved", isNew: true },
      ],
    },
    says: "several changes, then <240> approved, then waiting for approval again, then approved, then confirmed by the network. Held until 3 Dec, then in the next payout.",
    stage: "3 Approved · held until 3 Dec",
  },
];

describe("a line of the digest says what happened and what comes next", () => {
  test.each(stories)("$name", ({ story, says, stage }) => {
    const told = tellCommission(
      { order: "1042", program: "Shoe Shop", state: "held", holdUntil: LATER, steps: [], ...story },
      END,
      "Europe/Berlin",
    );
    expect(told.title).toBe("Order 1042 at Shoe Shop");
    expect(`${plain(told.happened)} ${plain(told.next)}`).toBe(says);
    expect(`${told.stage?.reached} ${told.stage?.isEnded ? "✕ " : ""}${told.stage?.label}`).toBe(stage);
  });

  const payout: PayoutStory = {
    payoutId: "pay_1",
    amount: eur(1200n),
    rail: "paypal",
    receiver: "jana@example.com",
    state: "submitted",
    fault: null,
    isRetried: false,
    change: eur(-1200n),
  };
  test.each([
    {
      name: "sent",
      story: {},
      says: "<1200> left your payable balance and was sent on its way. You get a mail when it has arrived.",
    },
    {
      name: "sent and arrived",
      story: { state: "paid" },
      says: "<1200> left your payable balance and was sent on its way. It has arrived; a mail of its own says so.",
    },
    {
      name: "came back",
      story: { state: "returned", change: eur(1200n) },
      says: "<1200> came back and is in your payable balance again. It goes into your next payout.",
    },
    {
      name: "sent and came back in one period",
      story: { state: "failed", change: eur(0n) },
      says: "<1200> could not be paid and is in your payable balance again. It goes into your next payout.",
    },
    {
      name: "refused for something that the payee can mend",
      story: { state: "failed", fault: "your PayPal account is locked; ask PayPal", change: eur(1200n) },
      says: "<1200> could not be paid and is in your payable balance again: your PayPal account is locked; ask PayPal. It goes into your next payout.",
    },
    {
      name: "refused with its neighbour and is sent once more",
      story: { state: "failed", isRetried: true, change: eur(0n) },
      says: "<1200> could not be paid. It is sent once more, as a new payout. You have nothing to do.",
    },
    {
      name: "taken out before it was sent",
      story: { state: "canceled", change: eur(0n) },
      says: "<1200> was not sent and is in your payable balance again. It goes into your next payout.",
    },
    {
      name: "reversed",
      story: { state: "reversed", change: eur(1200n) },
      says: "<1200> was taken back after it was paid and is in your payable balance again. It goes into your next payout.",
    },
  ])("a payout that was $name", ({ story, says }) => {
    const told = tellPayout({ ...payout, ...story });
    expect(told.title).toBe("Payout to your PayPal account ja…@example.com");
    expect(`${plain(told.happened)} ${plain(told.next)}`).toBe(says);
  });
});

test.each([
  { amount: { decimal: "2.40", currency: "EUR" }, locale: "en", text: "€2.40" },
  { amount: { decimal: "2.40", currency: "EUR" }, locale: "de-DE", text: "2,40 €" },
  { amount: { decimal: "-1234567.89", currency: "EUR" }, locale: "de", text: "-1.234.567,89 €" },
  {
    amount: { decimal: "90071992547409919007.01", currency: "USD" },
    locale: "en-US",
    text: "$90,071,992,547,409,919,007.01",
  },
  { amount: { decimal: "500", currency: "JPY" }, locale: "en", text: "¥500" },
  { amount: { decimal: "1.234", currency: "KWD" }, locale: "en", text: "KWD 1.234" },
  { amount: { decimal: "12.30", currency: "MGA" }, locale: "en", text: "MGA 12.30" },
])("$amount.decimal $amount.currency in $locale is written $text, to the last digit", ({ amount, locale, text }) => {
  expect(formatAmount(amount, locale).replaceAll("\u00a0", " ")).toBe(text);
});

test("a change is written with its sign, nothing without one", () => {
  const change = (decimal: string) => formatAmount({ decimal, currency: "EUR" }, "en", "exceptZero");
  expect(["2.40", "-2.40", "0.00"].map(change)).toEqual(["+€2.40", "-€2.40", "€0.00"]);
});

test("a period whose movements do not lead from opening to closing is refused with both sums", () => {
  const balance: PeriodBalance = { kind: "held", opening: eur(100n), moved: eur(240n), closing: eur(340n) };
  const nothing: PeriodBalance = { kind: "payable", opening: eur(0n), moved: eur(0n), closing: eur(0n) };
  expect(checkedBalances("aff_1", [balance, nothing])).toEqual([balance]);
  expect(() => checkedBalances("aff_1", [{ ...balance, closing: eur(339n) }])).toThrow(
    "held balance of aff_1: opening 1.00 plus movements 2.40 is not closing 3.39 EUR",
  );
});

test.each([
  ["jane.doe@example.com", "ja…@example.com"],
  ["ab@example.com", "a…@example.com"],
  ["a@example.com", "…@example.com"],
  ["QX7P2LK", "…LK"],
])("the receiver %s is shown as %s", (receiver, shown) => {
  expect(maskReceiver(receiver)).toBe(shown);
});
