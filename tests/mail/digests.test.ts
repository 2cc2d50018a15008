import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { releaseHolds } from "@/server/commissions";
import { credit, debit, postTransactions } from "@/server/ledger";
import { planDigests, queuePayoutMails } from "@/server/mail";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { type MailBench, openBench, payOut, readable } from "./open-bench";

let opened: TestDatabase;
let bench: MailBench;
beforeAll(async () => {
  opened = await openTestDatabase("pglite");
});
afterAll(() => opened.close());
beforeEach(async () => {
  bench = await openBench(opened.database, "2026-03-02T07:00:00Z", 3);
});

const plan = (limit = 100) =>
  bench.in((tx) => planDigests(tx, { limit, after: null, appUrl: "https://pay.example" }, bench.now));
const at = (time: string) => {
  bench.now = new Date(time);
};
/** What the table of balances says, a row each, single spaces. */
const balances = (text: string) =>
  readable(text)
    .split("\n")
    .filter((line) => /^(Held|Payable) /.test(line))
    .map((line) => line.replaceAll(/\s+/g, " ").trim());

test("movements of one affiliate are one mail, each line with what happened and what comes next, and nobody gets another's", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report("1042", "pending", 480n);
  await bench.report("1042", "approved", 480n);
  await bench.report("1043", "pending", 1_001n);
  await bench.report("2001", "approved", 700n, { affiliate: 2, currency: "JPY" });
  at("2026-03-02T13:05:00Z");
  expect(await plan()).toEqual({ queued: 2, broken: [], next: null });
  const [first, second, ...more] = await bench.mails();
  expect(more).toEqual([]);
  const text = readable(first?.text ?? "");
  expect(first).toMatchObject({
    recipient: "affiliate-1@example.com",
    state: "queued",
    cause: `digest:${bench.affiliates[0]?.id}:2026-03-02T13:00:00.000Z`,
  });
  expect(text).toContain(
    "Order 1042 at Shoes: €2.40 reported, then approved. Held until 1 Apr, then in the next payout.",
  );
  expect(text).toContain("●●●○○○○ Approved · held until 1 Apr");
  expect(text).toContain(
    "Order 1043 at Shoes: €5.00 reported. Waiting for approval by Shoes. Held until 1 Apr at the earliest.",
  );
  expect(text).toContain("https://pay.example/portal/earnings");
  expect(balances(text)).toEqual(["Held €0.00 +€7.40 €7.40"]);
  expect(readable(second?.text ?? "")).toContain("Order 2001 at Shoes: ¥350 reported and approved.");
  expect(second?.text).not.toContain("1042");
});

test("planned twice, or twice at once, there is one mail", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report("1", "approved", 480n);
  at("2026-03-02T13:05:00Z");
  const twice = await Promise.all([plan(), plan()]);
  expect(twice.map((planned) => planned.queued).sort()).toEqual([0, 1]);
  expect((await plan()).queued).toBe(0);
  expect(await bench.mails()).toHaveLength(1);
});

test("what one digest closes with, the next one opens with, through release, payout and a reversal after it", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report("1", "approved", 480n);
  await bench.report("2", "approved", 1_000n);
  at("2026-03-02T13:05:00Z");
  await plan();
  at("2026-04-02T10:00:00Z");
  await bench.in((tx) => releaseHolds(tx, { limit: 10 }, bench.now));
  at("2026-04-02T18:05:00Z");
  await plan();
  await payOut(bench, bench.affiliates[0]?.id ?? "");
  at("2026-04-03T09:00:00Z");
  await bench.report("1", "reversed", 480n);
  at("2026-04-03T13:05:00Z");
  await plan();
  const texts = (await bench.mails()).map((mail) => readable(mail.text));
  expect(texts.map(balances)).toEqual([
    ["Held €0.00 +€7.40 €7.40"],
    ["Held €7.40 -€7.40 €0.00", "Payable €0.00 +€7.40 €7.40"],
    ["Payable €7.40 -€9.80 -€2.40"],
  ]);
  expect(texts[1]).toContain("Order 1 at Shoes: €2.40 payable, as the hold has ended. It goes into your next payout.");
  expect(texts[2]).toContain(
    "Payout to your PayPal account ja…@example.com: €7.40 left your payable balance and was sent on its way.",
  );
  expect(texts[2]).toContain(
    "Order 1 at Shoes: €2.40 reversed. It is taken off your payable balance, and off your next payout.",
  );
  expect(texts[2]).toContain("from 2 Apr, 18:00 to 3 Apr, 13:00 (UTC)");
});

test("a movement on the edge of a slot is told once, in the later period", async () => {
  at("2026-03-02T12:59:59.999Z");
  await bench.report("before", "approved", 480n);
  at("2026-03-02T13:00:00Z");
  await bench.report("on-it", "approved", 480n);
  at("2026-03-02T13:05:00Z");
  await plan();
  at("2026-03-02T18:05:00Z");
  await plan();
  const texts = (await bench.mails()).map((mail) => mail.text);
  expect(texts.map((text) => [text.includes("Order before"), text.includes("Order on-it")])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test("of two movements written in the other order than they began, on both sides of a slot, each is told", async () => {
  at("2026-03-02T13:00:00.010Z");
  await bench.report("later", "approved", 480n);
  at("2026-03-02T12:59:59.990Z");
  await bench.report("earlier", "approved", 480n);
  at("2026-03-02T13:05:00Z");
  await plan();
  at("2026-03-02T18:05:00Z");
  await plan();
  const texts = (await bench.mails()).map((mail) => mail.text);
  expect(texts.map((text) => [text.includes("Order earlier"), text.includes("Order later")])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test("a sale of last week that is reported today is told today", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report("today", "approved", 480n);
  at("2026-03-02T13:05:00Z");
  await plan();
  at("2026-03-02T14:00:00Z");
  await bench.report("late", "approved", 480n, { occurredAt: new Date("2026-03-01T09:00:00Z") });
  at("2026-03-02T18:05:00Z");
  await plan();
  expect((await bench.mails()).at(-1)?.text).toContain("Order late");
});

test("where nothing moved there is no mail, and the period stays open for what comes", async () => {
  at("2026-03-02T13:05:00Z");
  expect((await plan()).queued).toBe(0);
  at("2026-03-03T09:00:00Z");
  await bench.report("1", "approved", 480n);
  at("2026-03-03T13:05:00Z");
  await plan();
  at("2026-03-03T18:05:00Z");
  expect((await plan()).queued).toBe(0);
  const mails = await bench.mails();
  expect(mails).toHaveLength(1);
  expect(mails[0]?.text).toContain("since you joined, up to 3 Mar, 13:00 (UTC)");
});

test("three times a day by the affiliate's own clock", async () => {
  await bench.in((tx) => tx.execute(sql`update affiliates set time_zone = 'America/Los_Angeles'`));
  const slots: string[] = [];
  for (let hour = 0; hour < 2 * 24; hour++) {
    at(new Date(Date.parse("2026-03-07T08:05:00Z") + hour * 3_600_000).toISOString());
    await plan();
    await bench.report(`hour-${hour}`, "approved", 100n);
  }
  for (const mail of await bench.mails()) slots.push(mail.cause.slice(-24));
  expect(slots).toEqual([
    "2026-03-07T16:00:00.000Z",
    "2026-03-07T21:00:00.000Z",
    "2026-03-08T02:00:00.000Z",
    "2026-03-08T15:00:00.000Z",
    "2026-03-08T20:00:00.000Z",
    "2026-03-09T01:00:00.000Z",
  ]);
});

test("amounts are written as the affiliate's locale writes them", async () => {
  await bench.in((tx) => tx.execute(sql`update affiliates set locale = 'de-DE'`));
  at("2026-03-02T09:00:00Z");
  await bench.report("1", "approved", 246_900n);
  at("2026-03-02T13:05:00Z");
  await plan();
  const [mail] = await bench.mails();
  expect(readable(mail?.text ?? "")).toContain("1.234,50 € reported and approved");
  expect(readable(mail?.html ?? "")).toContain("+1.234,50 €");
});

test("the plain text has every amount of the HTML", async () => {
  at("2026-03-02T09:00:00Z");
  for (let n = 1; n <= 20; n++) await bench.report(`${n}`, "approved", BigInt(n * 1_234));
  at("2026-03-02T13:05:00Z");
  await plan();
  const [mail] = await bench.mails();
  const amounts = (text: string) => (readable(text).match(/[+-]?€[\d.,]*\d/g) ?? []).sort();
  expect(amounts(mail?.html ?? "").length).toBe(23);
  expect(amounts(mail?.text ?? "")).toEqual(amounts(mail?.html ?? ""));
});

test("of many movements the latest are listed, the others counted, and the balances are those of all", async () => {
  for (let n = 1; n <= 45; n++) {
    at(new Date(Date.parse("2026-03-02T09:00:00Z") + n * 1000).toISOString());
    await bench.report(`order-${n}.`, "approved", 200n);
  }
  at("2026-03-02T13:05:00Z");
  expect(await plan()).toMatchObject({ queued: 1, broken: [] });
  const [mail] = await bench.mails();
  expect(mail?.text).not.toContain("order-5.");
  expect(mail?.text).toContain("order-6.");
  expect(mail?.text).toContain("5 more moved in this time.");
  expect(balances(mail?.text ?? "")).toEqual(["Held €0.00 +€45.00 €45.00"]);
  expect(mail?.subject).toBe("Order order-6. at Shoes and 44 more moved");
});

test("what a network writes into an order id is text in a mail, never markup", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report(`<img src=x onerror=alert(1)>`, "approved", 200n);
  at("2026-03-02T13:05:00Z");
  await plan();
  const [mail] = await bench.mails();
  expect(mail?.html).not.toContain("<img");
  expect(mail?.text).toContain("<img src=x onerror=alert(1)>");
});

test("pages of one reach everybody", async () => {
  at("2026-03-02T09:00:00Z");
  for (const affiliate of [1, 2, 3]) await bench.report(`of-${affiliate}`, "approved", 200n, { affiliate });
  at("2026-03-02T13:05:00Z");
  let after: string | null = null;
  let pages = 0;
  do {
    const page: { next: string | null } = await bench.in((tx) =>
      planDigests(tx, { limit: 1, after, appUrl: "" }, bench.now),
    );
    after = page.next;
    pages += 1;
  } while (after !== null);
  expect(pages).toBe(4);
  expect(new Set((await bench.mails()).map((mail) => mail.recipient)).size).toBe(3);
});

test("an affiliate whose books do not agree gets no mail and is named; the neighbour gets theirs", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report("1", "approved", 200n);
  await bench.report("2", "approved", 200n, { affiliate: 2 });
  await opened.database.asOwner((tx) =>
    tx.execute(
      sql`update commission_effects set held_delta_minor = 99 where affiliate_id = ${bench.affiliates[0]?.id}`,
    ),
  );
  at("2026-03-02T13:05:00Z");
  const planned = await plan();
  expect(planned).toMatchObject({ queued: 1, broken: [{ subjectId: bench.affiliates[0]?.id }] });
  expect(planned.broken[0]?.reason).toContain("opening 0.00 plus movements 0.99 is not closing 1.00 EUR");
  expect((await bench.mails()).map((mail) => mail.recipient)).toEqual(["affiliate-2@example.com"]);
});

test("a paid payout gets one mail with what it pays, whoever asks and how often", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report("1", "approved", 480n);
  await bench.report("2", "approved", 1_000n);
  at("2026-04-02T10:00:00Z");
  await bench.in((tx) => releaseHolds(tx, { limit: 10 }, bench.now));
  const payoutId = await payOut(bench, bench.affiliates[0]?.id ?? "");
  const queue = () =>
    bench.in((tx) => queuePayoutMails(tx, { limit: 10, after: null, appUrl: "https://pay.example" }, bench.now));
  const twice = await Promise.all([queue(), queue()]);
  expect(twice.map((planned) => planned.queued).sort()).toEqual([0, 1]);
  expect(await queue()).toEqual({ queued: 0, broken: [], next: null });
  const [mail, ...more] = await bench.mails();
  expect(more).toEqual([]);
  expect(mail).toMatchObject({
    cause: `payout:${payoutId}:paid`,
    subject: "€7.40 from Test organization has been paid to you",
  });
  const text = readable(mail?.text ?? "").replaceAll(/ {2,}/g, " ");
  for (const line of [
    "we paid €7.40 to your PayPal account ja…@example.com on 2 Apr.",
    "Order 1 at Shoes €2.40",
    "Order 2 at Shoes €5.00",
    "Total €7.40",
    payoutId,
  ]) {
    expect(text).toContain(line);
  }
  expect(text).not.toContain("jana@");
});

test("a payout planned three months ago is not looked for any more", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report("1", "approved", 480n);
  at("2026-04-02T10:00:00Z");
  await bench.in((tx) => releaseHolds(tx, { limit: 10 }, bench.now));
  await payOut(bench, bench.affiliates[0]?.id ?? "");
  const queue = () => bench.in((tx) => queuePayoutMails(tx, { limit: 10, after: null, appUrl: "" }, bench.now));
  at("2026-07-02T10:00:00Z");
  expect((await queue()).queued).toBe(0);
  at("2026-06-30T10:00:00Z");
  expect((await queue()).queued).toBe(1);
});

test("the neighbour of a refused payout hears of it in our words, never in the rail's or an operator's", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report("1", "approved", 480n);
  at("2026-04-02T10:00:00Z");
  await bench.in((tx) => releaseHolds(tx, { limit: 10 }, bench.now));
  at("2026-04-02T13:05:00Z");
  await plan();
  const affiliateId = bench.affiliates[0]?.id ?? "";
  const first = await payOut(bench, affiliateId);
  await bench.in(async (tx) => {
    await tx.execute(
      sql`update payouts set state = 'failed', reason = 'VALIDATION_ERROR: Invalid request (items[17].receiver: wrong@)' where id = ${first}`,
    );
    const amount = { minor: 240n, currency: "EUR" };
    const lines = [debit("payouts_in_transit", "paypal", amount), credit("affiliate_payable", affiliateId, amount)];
    await postTransactions(tx, [{ causeId: first, purpose: "fail", eventAt: bench.now, lines }], bench.now);
    await tx.execute(sql`update payout_lines set active = false`);
  });
  const second = await payOut(bench, affiliateId);
  await bench.in((tx) =>
    tx.execute(
      sql`update payouts set retry_of = ${first}, reason = 'retried by Anna', state = 'submitted' where id = ${second}`,
    ),
  );
  at("2026-04-02T18:05:00Z");
  await plan();
  const text = readable((await bench.mails()).at(-1)?.text ?? "");
  expect(text).toContain("€2.40 could not be paid. It is sent once more, as a new payout. You have nothing to do.");
  expect(text).toContain("€2.40 left your payable balance and was sent on its way.");
  for (const word of ["VALIDATION_ERROR", "items[17]", "Anna", "payable balance again"])
    expect(text).not.toContain(word);
});

test("a payout that does not pay what its lines come to gets no mail and is named", async () => {
  at("2026-03-02T09:00:00Z");
  await bench.report("1", "approved", 480n);
  at("2026-04-02T10:00:00Z");
  await bench.in((tx) => releaseHolds(tx, { limit: 10 }, bench.now));
  const payoutId = await payOut(bench, bench.affiliates[0]?.id ?? "");
  await bench.in((tx) => tx.execute(sql`update payouts set amount_minor = 999 where id = ${payoutId}`));
  const planned = await bench.in((tx) => queuePayoutMails(tx, { limit: 10, after: null, appUrl: "" }, bench.now));
  expect(planned.broken).toEqual([
    { subjectId: payoutId, reason: `payout ${payoutId} of 9.99 pays lines of 2.40 EUR` },
  ]);
});
