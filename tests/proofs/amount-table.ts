import { type AmountFormat, parseAmount } from "@/server/money";
import { networkNamed } from "@/server/networks";

type Row = readonly [text: string | null, currency: string, minor: bigint | "refused", format?: AmountFormat];

/** What an amount as networks write it must become. Written from what networks send, not from the parser. */
const ROWS: readonly Row[] = [
  ["12.5", "USD", 1250n],
  ["12.50", "EUR", 1250n],
  ["0.01", "USD", 1n],
  ["0", "USD", 0n],
  ["100", "JPY", 100n],
  ["12.345", "KWD", 12345n],
  ["0.0001", "UYW", 1n],
  // Beyond what a float can tell apart, and where floats go wrong.
  ["90071992547409.93", "USD", 9007199254740993n],
  ["999999999999999.99", "USD", 99999999999999999n],
  ["19.99", "USD", 1999n],
  ["1.005", "KWD", 1005n],
  // Groups count only where the source's format says so.
  ["1,234.50", "USD", "refused"],
  ["1,234.50", "USD", 123450n, "en"],
  ["1,234.50", "EUR", "refused", "de"],
  ["1.234,50", "EUR", "refused"],
  ["1.234,50", "EUR", 123450n, "de"],
  ["1.234,50", "USD", "refused", "en"],
  ["1,234", "USD", "refused"],
  ["1,234", "JPY", "refused"],
  ["1,234", "USD", 123400n, "en"],
  ["1.234", "EUR", 123400n, "de"],
  ["0,123", "USD", "refused", "en"],
  ["0.123", "EUR", "refused", "de"],
  // Never more digits than the currency has, never a sign, an exponent, another base.
  ["12.345", "USD", "refused"],
  ["12.345", "EUR", "refused"],
  ["1.00", "JPY", "refused"],
  ["12.3456", "KWD", "refused"],
  ["-5", "USD", "refused"],
  ["+7", "USD", "refused"],
  ["1e3", "USD", "refused"],
  ["1e400", "USD", "refused"],
  ["0x10", "USD", "refused"],
  ["Infinity", "USD", "refused"],
  ["NaN", "USD", "refused"],
  // Nothing is never zero.
  ["", "USD", "refused"],
  [" ", "USD", "refused"],
  ["null", "USD", "refused"],
  [null, "USD", "refused"],
  // Other scripts' digits and other spaces.
  ["１２.５０", "USD", "refused"],
  ["١٢", "USD", "refused"],
  ["12\u00a0000", "USD", "refused"],
  ["12 000", "USD", "refused"],
  ["12.50\u00a0", "USD", "refused"],
  ["$12.50", "USD", "refused"],
  ["12.", "USD", "refused"],
  [".5", "USD", "refused"],
  ["1.2.3", "USD", "refused"],
  ["12.50", "XAU", "refused"],
  ["12.50", "XXX", "refused"],
];

/** The same for amounts inside JSON, where a float would lose what was written. */
const JSON_ROWS: readonly (readonly [body: string, minor: bigint | "refused"])[] = [
  [`{"txn_id":"1","currency":"USD","amount":12.10}`, 1210n],
  [`{"txn_id":"1","currency":"USD","amount":"12.10"}`, 1210n],
  [`{"txn_id":"1","currency":"USD","amount":90071992547409.93}`, 9007199254740993n],
  [`{"txn_id":"1","currency":"USD","amount":1.1e1}`, "refused"],
  [`{"txn_id":"1","currency":"USD","amount":19.990000000000002}`, "refused"],
  [`{"txn_id":"1","currency":"USD","amount":-5}`, "refused"],
  [`{"txn_id":"1","currency":"USD","amount":12.10,"amount":1210}`, "refused"],
];

/** Reads every row of the table. Returns how many came out as they must, and the others in words. */
export function checkAmountTable(): { rows: number; wrong: string[] } {
  const wrong = [
    ...ROWS.flatMap(([text, currency, expected, format]) =>
      compare(`${JSON.stringify(text)} ${currency} (${format ?? "plain"})`, expected, read(text, currency, format)),
    ),
    ...JSON_ROWS.flatMap(([body, expected]) => compare(body, expected, readJson(body))),
  ];
  return { rows: ROWS.length + JSON_ROWS.length, wrong };
}

function read(text: string | null, currency: string, format: AmountFormat | undefined): bigint | "refused" {
  const parsed = parseAmount(text, currency, format);
  return parsed.kind === "amount" && parsed.amount.currency === currency ? parsed.amount.minor : "refused";
}

function readJson(body: string): bigint | "refused" {
  const request = {
    method: "POST",
    target: "/api/postbacks/x",
    headers: { "content-type": "application/json" },
    body: Buffer.from(body),
  };
  const settings = { amountFormat: "plain", defaultCurrency: null, defaultStatus: "pending" } as const;
  const parsed = networkNamed("generic").parseRequest(request, settings);
  const sale = parsed.kind === "unreadable" ? undefined : parsed.reports[0]?.sale;
  return sale?.minor ?? "refused";
}

function compare(what: string, expected: bigint | "refused", found: bigint | "refused"): string[] {
  return found === expected ? [] : [`${what} must be ${expected}, was ${found}`];
}
