import { expect, test } from "vitest";
import { networkNamed, type RawRequest, type Report, type SourceSettings } from "@/server/networks";
import { get, json, post, sourceSettings } from "./request";

test.each([
  ["1", "approved"],
  ["approved", "approved"],
  ["Confirmed", "approved"],
  ["LOCKED", "approved"],
  ["paid", "approved"],
  ["A", "approved"],
  ["2", "pending"],
  ["pending", "pending"],
  ["open", "pending"],
  ["new", "pending"],
  ["p", "pending"],
  ["hold", "pending"],
  ["5", "pending"],
  ["3", "declined"],
  ["declined", "declined"],
  ["rejected", "declined"],
  ["void", "declined"],
  ["canceled", "declined"],
  ["cancelled", "declined"],
  ["D", "declined"],
  ["reversed", "reversed"],
  ["REFUNDED", "reversed"],
  ["chargeback", "reversed"],
])("the status word %s means %s", (word, status) => {
  for (const name of ["status", "state", "afstatus"]) expect(read(get(`txn_id=1&${name}=${word}`)).status).toBe(status);
  expect(read(json(JSON.stringify({ txn_id: "1", status: word }))).status).toBe(status);
});

test("a status that is left out or empty says nothing; the source's default is only what a conversion begins with", () => {
  for (const query of ["txn_id=1", "txn_id=1&status="]) {
    const report = read(get(query), { defaultStatus: "approved" });
    expect([report.status, report.defaultStatus]).toEqual([undefined, "approved"]);
  }
  expect(read(get("txn_id=1&status=declined"), { defaultStatus: "approved" })).not.toHaveProperty("defaultStatus");
});

const clicks = "click_id clickid cid subid sub1 aff_sub clickref u1 sid shopperId epi tid afftrack s1 CLICKID".split(
  " ",
);
test.each(clicks)("%s carries the click", (name) => {
  expect(read(get(`txn_id=1&${name}=clk_1`))).toMatchObject({ clickRef: "clk_1", subIds: {} });
});

const ids = "txn_id transaction_id conversion_id action_id order_id oid xid orderRef receipt".split(" ");
test.each(ids)("%s names the conversion", (name) => {
  expect(read(get(`${name}=A-1`)).externalId).toBe("A-1");
});

test("of several ids the transaction's own comes before the order's, wherever it stands", () => {
  expect(read(get("order_id=O&transaction_id=T")).externalId).toBe("T");
  expect(read(get("order_id=O&transaction_id=")).externalId).toBe("O");
});

test.each(["payout", "commission", "amount_affiliate", "payment_sum"])("%s is the reward", (name) => {
  expect(read(get(`txn_id=1&${name}=1.05&currency=USD`)).reward).toEqual({ minor: 105n, currency: "USD" });
});

test.each(["amount", "sale_amount", "order_sum", "transactionAmount", "AMT1"])("%s is the sale", (name) => {
  expect(read(get(`txn_id=1&${name}=1.05&currency=usd`)).sale).toEqual({ minor: 105n, currency: "USD" });
});

test("an amount that is left out says nothing, and one of zero says zero", () => {
  const report = read(get("txn_id=1&payout=0&currency=EUR"));
  expect(report.reward).toEqual({ minor: 0n, currency: "EUR" });
  expect(report.sale).toBeUndefined();
});

test("an empty currency is the source's own; a named one comes before it", () => {
  expect(read(get("txn_id=1&payout=5&currency="), { defaultCurrency: "JPY" }).reward?.currency).toBe("JPY");
  expect(read(get("txn_id=1&payout=5&currency=KRW"), { defaultCurrency: "JPY" }).reward?.currency).toBe("KRW");
});

test("a JSON number is read by JSON's grammar, a JSON string by the source's format", () => {
  const report = read(json('{"txn_id":"1","payout":12.10,"amount":"1.234,50","currency":"EUR"}'), {
    amountFormat: "de",
  });
  expect(report).toMatchObject({ reward: { minor: 1210n }, sale: { minor: 123450n } });
});

test("sub-ids beyond the click are kept under the sender's own names, the click's other names too", () => {
  const report = read(get("txn_id=1&sub1=clk&SUB2=a&aff_sub3=b&sid=c&subid10=d&subway=x&sub2b=y"));
  expect(report).toMatchObject({ clickRef: "clk", subIds: { SUB2: "a", aff_sub3: "b", sid: "c", subid10: "d" } });
  expect(Object.keys(report.subIds)).toHaveLength(4);
});

test("a name that every object has is no trap", () => {
  const report = read(json('{"txn_id":"1","__proto__":{"status":"approved"},"constructor":"x","sub2":"a"}'));
  expect(report).toMatchObject({ defaultStatus: "pending", subIds: { sub2: "a" } });
  expect(report.status).toBeUndefined();
});

test("a parameter given twice with one value is one parameter", () => {
  expect(read({ ...post("txn_id=1&sub1=a"), target: "/p?txn_id=1&SUB1=a" })).toMatchObject({
    externalId: "1",
    clickRef: "a",
  });
});

test("what only resembles a macro is text", () => {
  const report = read(get("txn_id=a{1}b&sub1=%5B2026%5D&sub2=50%25&sub3=%231&sub4={}"));
  expect(report).toMatchObject({
    externalId: "a{1}b",
    clickRef: "[2026]",
    subIds: { sub2: "50%", sub3: "#1", sub4: "{}" },
  });
});

test("a query of raw UTF-8 bytes, as Node hands it over, is read as UTF-8", () => {
  const raw = Buffer.from("txn_id=1&sub1=zażółć").toString("latin1");
  expect(read(get(raw)).clickRef).toBe("zażółć");
  expect(read(get("txn_id=1&sub1=zażółć")).clickRef).toBe("zażółć");
});

const times: [text: string, iso: string, key: string][] = [
  ["1767225600", "2026-01-01T00:00:00.000Z", "001767225600.000000000"],
  ["1767225600123", "2026-01-01T00:00:00.123Z", "001767225600.123000000"],
  ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z", "001767225600.000000000"],
  ["2026-01-01T01:00:00%2B01:00", "2026-01-01T00:00:00.000Z", "001767225600.000000000"],
  ["2025-12-31T18:30:00-0530", "2026-01-01T00:00:00.000Z", "001767225600.000000000"],
  ["2026-01-01 00:00:00", "2026-01-01T00:00:00.000Z", "001767225600.000000000"],
  ["2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.123Z", "001767225600.123456789"],
  ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000Z", "001709208000.000000000"],
];

test.each(times)("ts=%s is %s, with an ordering key", (text, iso, key) => {
  expect(read(get(`txn_id=1&ts=${text}`))).toMatchObject({ occurredAt: new Date(iso), orderingKey: key });
});

test("ordering keys sort as text in the order of time, across all forms", () => {
  const texts = [
    "1999999999",
    "1000000000",
    "2026-01-01T00:00:00.000001Z",
    "1767225600",
    "1767225600999",
    "2030-01-01T00:00:00Z",
  ];
  const keys = texts.map((text) => read(get(`txn_id=1&ts=${text}`)).orderingKey);
  expect([...keys].sort()).toEqual([keys[1], keys[3], keys[2], keys[4], keys[5], keys[0]]);
});

test.each([
  "2025-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-01-01T25:00:00Z",
  "2026-01-01",
  "123",
  "1e9",
  "17672256000",
])("ts=%s is no time", (text) => {
  expect(networkNamed("generic").parseRequest(get(`txn_id=1&ts=${text}`), sourceSettings()).kind).toBe("unreadable");
});

test("without ts a report has neither time nor order", () => {
  const report = read(get("txn_id=1"));
  expect([report.occurredAt, report.orderingKey]).toEqual([undefined, undefined]);
});

function read(request: RawRequest, settings?: Partial<SourceSettings>): Report {
  const parsed = networkNamed("generic").parseRequest(request, sourceSettings(settings));
  if (parsed.kind === "unreadable") throw new Error(parsed.reason);
  const [report] = parsed.reports;
  if (!report || parsed.reports.length !== 1) throw new Error(`${parsed.reports.length} reports`);
  return report;
}
