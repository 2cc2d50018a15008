import { expect, test } from "vitest";
import { createPayPal, type RailItem } from "@/server/rails";

const paypal = createPayPal({ baseUrl: "http://127.0.0.1:1", clientId: "id", clientSecret: "secret" });
const item: RailItem = {
  payoutId: "pay_1",
  receiver: "anna@example.com",
  amount: { minor: 1230n, currency: "EUR" },
  note: "Commission for March",
};

test("a submission is exactly these bytes, each time", () => {
  const items = [
    item,
    { ...item, payoutId: "pay_2", receiver: "b@example.com", amount: { minor: 5n, currency: "EUR" } },
  ];
  const frozen = paypal.freeze("bat_1-0", items);
  expect(frozen).toEqual({
    key: "bat_1-0",
    body:
      '{"sender_batch_header":{"sender_batch_id":"bat_1-0","email_subject":"You have a payment"},"items":[' +
      '{"recipient_type":"EMAIL","amount":{"currency":"EUR","value":"12.30"},"receiver":"anna@example.com",' +
      '"sender_item_id":"pay_1","note":"Commission for March","purpose":"CASHBACK"},' +
      '{"recipient_type":"EMAIL","amount":{"currency":"EUR","value":"0.05"},"receiver":"b@example.com",' +
      '"sender_item_id":"pay_2","note":"Commission for March","purpose":"CASHBACK"}]}',
  });
  expect(paypal.freeze("bat_1-0", structuredClone(items))).toEqual(frozen);
});

const values: [minor: bigint, currency: string, value: string][] = [
  [1n, "USD", "0.01"],
  [99_999_999_999n, "USD", "999999999.99"],
  [500n, "JPY", "500"],
  [150_000n, "HUF", "1500"],
  [100n, "TWD", "1"],
];

test.each(values)("%s minor units of %s go out as %s", (minor, currency, value) => {
  const { body } = paypal.freeze("bat_1-0", [{ ...item, amount: { minor, currency } }]);
  expect(JSON.parse(body).items[0].amount).toEqual({ currency, value });
});

const refused: [what: string, change: Partial<RailItem>, reason: RegExp][] = [
  ["a forint with decimals", { amount: { minor: 150_050n, currency: "HUF" } }, /1500.50 HUF: PayPal takes no decimals/],
  ["a Taiwan dollar with decimals", { amount: { minor: 1n, currency: "TWD" } }, /0.01 TWD/],
  ["a currency PayPal does not have", { amount: { minor: 1000n, currency: "KWD" } }, /does not pay out in KWD/],
  ["nothing", { amount: { minor: 0n, currency: "EUR" } }, /not more than zero/],
  ["a negative amount", { amount: { minor: -1n, currency: "EUR" } }, /-0.01 EUR is not more than zero/],
  ["no address", { receiver: "" }, /not an e-mail address/],
  ["an address without a host", { receiver: "anna@" }, /not an e-mail address/],
  ["two addresses", { receiver: "a@example.com,b@example.com" }, /not an e-mail address/],
  ["an address with a line break", { receiver: "anna@example.com\n" }, /not an e-mail address/],
  ["an address that is not ASCII", { receiver: "änna@example.com" }, /not an e-mail address/],
  ["a long address", { receiver: `${"a".repeat(120)}@example.com` }, /132 characters; PayPal takes 127/],
];

test.each(refused)("%s is refused in words, and never frozen", (_what, change, reason) => {
  const changed = { ...item, ...change };
  expect(paypal.refuses(changed)).toMatch(reason);
  expect(() => paypal.freeze("bat_1-0", [item, changed])).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

test("an ordinary payout is not refused", () => {
  expect(paypal.refuses(item)).toBeNull();
});

const many = Array.from({ length: 15_001 }, (_, index) => ({ ...item, payoutId: `pay_${index}` }));
const unfit: [what: string, key: string, items: RailItem[], message: RegExp][] = [
  ["no items", "k", [], /has 0 items/],
  ["more items than PayPal takes", "k", many, /has 15001 items/],
  ["one payout twice", "k", [item, item], /names one payout twice/],
  [
    "two currencies",
    "k",
    [item, { ...item, payoutId: "pay_2", amount: { minor: 5n, currency: "USD" } }],
    /one currency/,
  ],
  ["a long payout id", "k", [{ ...item, payoutId: "p".repeat(64) }], /1 to 63 printable/],
  ["an empty key", "", [item], /1 to 256 printable/],
  ["a key with a line break", "k\r\nx: y", [item], /1 to 256 printable/],
];

test.each(unfit)("a submission of %s is refused", (_what, key, items, message) => {
  const refusal = expect.objectContaining({ code: "invalid_input", message: expect.stringMatching(message) });
  expect(() => paypal.freeze(key, items)).toThrow(refusal);
});

test("a note of any characters and any length becomes at most 4000 of ASCII, and stops nobody's payment", () => {
  const noteOf = (note: string) => JSON.parse(paypal.freeze("k", [{ ...item, note }]).body).items[0].note;
  expect(noteOf("Prämie für März\n– 12 €\0")).toBe("Pramie fur Marz ? 12 ??");
  expect(noteOf("😀".repeat(5_000_000))).toMatch(/^\?+$/);
  expect(noteOf("ﷺ".repeat(4000))).toHaveLength(4000);
});
