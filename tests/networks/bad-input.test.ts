import { expect, test } from "vitest";
import { networkNamed, type RawRequest } from "@/server/networks";
import { get, json, post, push, sourceSettings } from "./request";

type Row = [what: string, request: RawRequest, reason: RegExp];

const latin1 = Buffer.from("txn_id=1&sub1=m\xfcller", "latin1");
const utf16 = Buffer.from('{"txn_id":"1"}', "utf16le");
const deep = `{"txn_id":"1","x":${"[".repeat(40)}${"]".repeat(40)}}`;

const generic: Record<string, Row[]> = {
  "an unparsable body": [
    ["JSON cut short", json('{"txn_id":"1","payout":"5'), /JSON: .* not a complete string/],
    ["JSON with a comma too many", json('{"txn_id":"1",}'), /JSON: "}" at character 15/],
    ["two JSON documents", json('{"txn_id":"1"}{"txn_id":"2"}'), /follows the end/],
    ["a JSON list", json('[{"txn_id":"1"}]'), /not an object/],
    ["an empty JSON body", json(""), /the end of the text/],
    ["JSON of 40 levels", json(deep), /32 levels/],
    ["XML", post("<xml/>", "application/xml"), /content type "application\/xml"/],
    ["a file upload", post("x", "multipart/form-data; boundary=x"), /content type/],
    ["broken percent-encoding", get("txn_id=1&sub1=50%"), /"sub1" has broken percent-encoding/],
    ["another method", { ...get("txn_id=1"), method: "PUT" }, /method "PUT"/],
  ],
  "a NUL byte": [
    ["in a query", get("txn_id=1%00&payout=5.00"), /parameter "txn_id" holds a NUL byte/],
    ["in a form, escaped", post("txn_id=1&sub1=a%00b"), /parameter "sub1" holds a NUL byte/],
    ["in a form, raw", post("txn_id=1&sub1=a\0b"), /the body holds a NUL byte/],
    ["in JSON, escaped", json('{"txn_id":"1\\u0000"}'), /a string holds a NUL byte/],
    ["in JSON, raw", json('{"txn_id":"1\0"}'), /the body holds a NUL byte/],
  ],
  "a wrong charset": [
    ["Latin-1 bytes in a form", post(latin1), /the body is not valid UTF-8/],
    ["Latin-1, escaped, in a query", get("txn_id=1&sub1=m%FCller"), /parameter "sub1" is not valid UTF-8/],
    ["UTF-16 JSON", post(utf16, "application/json"), /NUL byte/],
    ["a declared charset", post("txn_id=1", "application/json; charset=ISO-8859-1"), /charset "ISO-8859-1"/],
    ["half a surrogate pair", json('{"txn_id":"1","sub1":"\\ud83d"}'), /half a surrogate pair/],
  ],
  "an unexpanded macro": [
    ["{x}", get("txn_id={transaction_id}"), /"txn_id" holds the unexpanded macro "\{transaction_id\}"/],
    ["{{x}}", get("txn_id=1&payout={{payout}}&currency=USD"), /"payout" holds the unexpanded macro/],
    ["the same after a dollar sign", get("txn_id=1&sub1=%24{click.id}"), /"sub1" holds the unexpanded macro/],
    ["[x]", get("txn_id=1&click_id=[click_id]"), /"click_id" holds the unexpanded macro/],
    ["[[[x]]]", get("txn_id=1&currency=[[[currency]]]"), /"currency" holds the unexpanded macro/],
    ["!!!x!!!", get("txn_id=1&clickref=!!!clickRef!!!"), /"clickref" holds the unexpanded macro/],
    ["#x#", get("txn_id=1&subid=%23admitad-click%23"), /"subid" holds the unexpanded macro/],
    ["%x%", get("txn_id=1&s1=%click_id%"), /"s1" holds the unexpanded macro "%click_id%"/],
    ["%x%, that could be an escape", get("txn_id=1&s1=%affsub%"), /"s1" holds the unexpanded macro/],
    ["escaped", get("txn_id=1&status=%7Bstatus%7D"), /"status" holds the unexpanded macro/],
    ["inside a longer id", get("txn_id=shop-{order_id}"), /"txn_id" holds the unexpanded macro/],
    ["in a further sub-id", get("txn_id=1&sub3={sub3}"), /"sub3" holds the unexpanded macro/],
    ["in the time", get("txn_id=1&ts={timestamp}"), /"ts" holds the unexpanded macro/],
    ["in JSON", json('{"txn_id":"1","amount":"{amount}","currency":"USD"}'), /"amount" holds the unexpanded macro/],
  ],
  "an ambiguous or float amount": [
    ["thousands or decimals", get("txn_id=1&payout=1,234&currency=USD"), /"payout": "1,234" is ambiguous/],
    ["a comma", get("txn_id=1&payout=12,50&currency=EUR"), /uses a comma/],
    [
      "a float's tail",
      json('{"txn_id":"1","payout":19.990000000000002,"currency":"EUR"}'),
      /15 digits after the point/,
    ],
    ["an exponent", json('{"txn_id":"1","payout":1e3,"currency":"EUR"}'), /"1e3" is not a plain decimal/],
    ["more digits than the currency", get("txn_id=1&amount=12.345&currency=USD"), /USD has 2/],
    ["decimals of a yen", get("txn_id=1&amount=100.00&currency=JPY"), /JPY has 0/],
    ["negative", get("txn_id=1&amount=-5&currency=USD"), /negative: a reversal is a status/],
    ["empty", get("txn_id=1&amount=&currency=USD"), /"amount": the amount is empty/],
    ["JSON null", json('{"txn_id":"1","amount":null,"currency":"USD"}'), /"amount": the amount is empty/],
    ["a word", get("txn_id=1&amount=NaN&currency=USD"), /not a plain decimal/],
    ["full-width digits", get(`txn_id=1&amount=${encodeURIComponent("１２")}&currency=USD`), /not a plain decimal/],
    ["two values", get("txn_id=1&amount=5.00&amount=6.00&currency=USD"), /"amount" is given twice/],
    ["two names that disagree", get("txn_id=1&payout=5.00&commission=6.00&currency=USD"), /mean the same and differ/],
    ["a key given twice", json('{"txn_id":"1","amount":5,"amount":6,"currency":"USD"}'), /key "amount" is given twice/],
    [
      "keys that differ in case",
      json('{"txn_id":"1","amount":5,"Amount":6,"currency":"USD"}'),
      /"Amount" is given twice/,
    ],
    ["a list", json('{"txn_id":"1","amount":[5],"currency":"USD"}'), /"amount" is a list or object/],
  ],
  "an unknown currency": [
    ["a made-up code", get("txn_id=1&payout=5.00&currency=USX"), /"currency" is "USX": not a currency code/],
    ["a sign", get("txn_id=1&payout=5.00&currency=%E2%82%AC"), /"currency" is "€"/],
    ["gold", get("txn_id=1&payout=5&currency=XAU"), /"currency" is "XAU"/],
    ["a letter that only looks like one", get("txn_id=1&payout=5&currency=U%C5%BFD"), /not a currency code/],
    ["without any amount", get("txn_id=1&currency=EURO"), /"currency" is "EURO"/],
    ["none named anywhere", get("txn_id=1&payout=5.00"), /"payout" has no currency/],
  ],
  "what cannot be told apart": [
    ["no transaction id", get("click_id=abc&payout=5.00&currency=USD"), /no transaction id/],
    ["an empty transaction id", get("txn_id=&payout=5.00&currency=USD"), /no transaction id/],
    ["a transaction id that is no id", get("txn_id=undefined"), /"undefined": not a transaction id/],
    ["a transaction id as long as a book", get(`txn_id=${"x".repeat(300)}`), /300 characters; at most 255/],
    ["an unknown status word", get("txn_id=1&status=perhaps"), /"status" is "perhaps": not a status word/],
    ["status 4", get("txn_id=1&status=4"), /"status" is "4"/],
    ["a day that no calendar has", get("txn_id=1&ts=2026-02-30T00:00:00Z"), /"ts" is "2026-02-30T00:00:00Z"/],
    ["a time that is none", get("txn_id=1&ts=yesterday"), /"ts" is "yesterday"/],
    ["an id in query and body that differ", { ...post("txn_id=2"), target: "/p?txn_id=1" }, /"txn_id" is given twice/],
  ],
};

const awinPush = (changes: string) =>
  `{"transactionId":"7","transactionAmount":"33.7","commission":"0.67","transactionCurrency":"GBP"${changes}}`;

const awin: Record<string, Row[]> = {
  "an unparsable body": [
    ["JSON cut short", push('{"transactionId":"7"'), /JSON: the end of the text/],
    ["no field of that name", post("AwinTransaction=%7B%7D"), /no field AwinTransactionPush/],
    ["an empty field", post("AwinTransactionPush="), /JSON: the end of the text/],
    ["an empty body", post(""), /no field AwinTransactionPush/],
  ],
  "a NUL byte": [
    ["in the JSON", push(awinPush(',"clickRef":"a\\u0000"')), /a string holds a NUL byte/],
    ["in the form", post("AwinTransactionPush=%7B%00%7D"), /holds a NUL byte/],
    ["in a query", get("transactionId=7%00"), /"transactionId" holds a NUL byte/],
  ],
  "a wrong charset": [
    ["Latin-1, escaped", post("AwinTransactionPush=%7B%22a%22%3A%22%FC%22%7D"), /not valid UTF-8/],
    ["Latin-1, raw", post(Buffer.from(awinPush(',"clickRef":"\xfc"'), "latin1")), /the body is not valid UTF-8/],
    ["a declared charset", post("AwinTransactionPush=%7B%7D", "text/plain;charset=latin1"), /charset "latin1"/],
  ],
  "an unexpanded macro": [
    ["the id", get("transactionId=!!!transactionId!!!"), /"transactionId" holds the unexpanded macro/],
    ["the click", get("transactionId=7&clickRef=!!!clickRef!!!"), /"clickRef" holds the unexpanded macro/],
    [
      "the amount",
      get("transactionId=7&transactionAmount=!!!transactionAmount!!!&transactionCurrency=GBP"),
      /unexpanded/,
    ],
  ],
  "an ambiguous or float amount": [
    ["thousands or decimals", push(awinPush("").replace("33.7", "1,234")), /"transactionAmount": "1,234" is ambiguous/],
    ["a float's tail", push(awinPush("").replace('"0.67"', "0.6700000000000001")), /"commission": .* 16 digits/],
    ["negative", push(awinPush("").replace("33.7", "-33.7")), /negative/],
    ["a key given twice", push(awinPush(',"commission":"9.00"')), /key "commission" is given twice/],
  ],
  "an unknown currency": [
    ["a made-up code", push(awinPush("").replace("GBP", "GBX")), /"GBX": not a currency code/],
    ["none", push('{"transactionId":"7","commission":"1.00"}'), /"commission" has no currency/],
    ["a sign", push(awinPush("").replace("GBP", "£")), /"£": not a currency code/],
  ],
  "what cannot be told apart": [
    ["no transaction id", push('{"commission":"1.00","transactionCurrency":"GBP"}'), /no transaction id/],
    ["a date that is none", push(awinPush(',"transactionDate":"0000-00-00 00:00:00"')), /"transactionDate" is/],
    ["an object for an id", push('{"transactionId":{"a":1}}'), /"transactionId" is a list or object/],
  ],
};

const rows = Object.entries({ generic, awin }).flatMap(([network, classes]) =>
  Object.entries(classes).flatMap(([kind, cases]) =>
    cases.map(([what, request, reason]) => ({ network, kind, what, request, reason })),
  ),
);

test.each(rows)("$network: $kind, $what, is unreadable with its reason", ({ network, request, reason }) => {
  const parsed = networkNamed(network).parseRequest(request, sourceSettings());
  expect(parsed).toEqual({ kind: "unreadable", reason: expect.stringMatching(reason) });
});

test("every class of bad input is tried with at least three bodies in every dialect", () => {
  for (const classes of [generic, awin]) {
    expect(Object.keys(classes)).toHaveLength(7);
    for (const cases of Object.values(classes)) expect(cases.length).toBeGreaterThanOrEqual(3);
  }
});
