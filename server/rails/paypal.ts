import { type BatchPage, batchPage, createdAnswer, errorAnswer, itemReportOf, originalBatchId } from "./paypal-answers";
import { connectPayPal, type Exchange, type PayPalAccess, type PayPalConnection } from "./paypal-connection";
import { freezeSubmission, ITEMS_MAX, type PayPalPurpose, refusalOfItem } from "./paypal-submission";
import type { LookUpOutcome, Rail, SubmitOutcome } from "./rail";

export type PayPalOptions = PayPalAccess & { readonly purpose?: PayPalPurpose };

type Answer = Extract<Exchange, { kind: "answer" }>;

const PATH = "/v1/payments/payouts";

/** PayPal's largest page; more pages than this would hold more items than a batch may have. */
const PAGE_SIZE = 1000;
const PAGES_MAX = ITEMS_MAX / PAGE_SIZE;

/** Of an answer, what is worth keeping beside an attempt. */
const RAW_LENGTH_MAX = 65_536;

/** PayPal Payouts v1. The frozen body goes out under `sender_batch_id`, which PayPal refuses to pay twice within 30 days:
 *  sending it again is the look-up for a submission whose answer was lost. */
export function createPayPal(options: PayPalOptions): Rail {
  const connection = connectPayPal(options);
  return {
    name: "paypal",
    title: "PayPal Payouts",
    maxItems: ITEMS_MAX,
    repeatWindowDays: 30,
    refuses: refusalOfItem,
    freeze: (key, items) => freezeSubmission(key, items, options.purpose ?? "CASHBACK"),
    submit: async ({ key, body }) => submitOutcome(await connection.send({ method: "POST", path: PATH, key, body })),
    lookUp: (providerBatchId) => lookUp(connection, providerBatchId),
  };
}

function submitOutcome(exchange: Exchange): SubmitOutcome {
  switch (exchange.kind) {
    case "not_sent":
      return { kind: "rejected", code: "NOT_SENT", message: exchange.reason, retryable: true, raw: "" };
    case "no_answer":
      return { kind: "unknown", reason: exchange.reason, raw: null };
    case "answer":
      return exchange.status >= 200 && exchange.status < 300 ? createdOutcome(exchange) : refusedOutcome(exchange);
  }
}

function createdOutcome(answer: Answer): SubmitOutcome {
  const created = createdAnswer.safeParse(answer.json);
  if (!created.success) return unknown(answer, `HTTP ${answer.status} without a batch id`);
  return { kind: "accepted", providerBatchId: created.data.batch_header.payout_batch_id, raw: rawOf(answer) };
}

/** Only an answer that PayPal itself wrote about this submission proves that nothing was accepted. */
function refusedOutcome(answer: Answer): SubmitOutcome {
  const { status } = answer;
  if (status < 400 || status >= 500 || status === 408) return unknown(answer, `HTTP ${status}`);
  const parsed = errorAnswer.safeParse(answer.json);
  if (!parsed.success) return unknown(answer, `HTTP ${status} with a body that is no PayPal error`);
  const { name: code, message, details } = parsed.data;
  const original = originalBatchId(parsed.data);
  if (original !== undefined) return { kind: "accepted", providerBatchId: original, raw: rawOf(answer) };
  const said = [code, message, ...details.map(({ field, issue }) => `${field ?? ""} ${issue ?? ""}`)];
  // The key is known to PayPal, or an earlier request under it still runs: the first one may have been accepted.
  const isRepeat = /^DUPLICATE_|IN_PROGRESS/.test(code) || said.some((text) => /sender_batch_id.*exist/i.test(text));
  if (status === 409 || isRepeat) return unknown(answer, `${code}: a repeat, without a link to the original`);
  const retryable = status === 429 || status === 401 || said.some((text) => text.includes("INSUFFICIENT_FUNDS"));
  const { retryAfterSeconds } = answer;
  return {
    kind: "rejected",
    code,
    message: messageOf(message, details),
    retryable,
    retryAfterSeconds,
    raw: rawOf(answer),
    ...(code === "VALIDATION_ERROR" && { refusedItems: refusedItemsOf(details) }),
  };
}

/** PayPal takes or refuses a body as a whole, and points at what is wrong in it: "items[3].receiver". */
function refusedItemsOf(details: readonly { field?: string }[]): number[] {
  const places = details.flatMap(({ field }) => /^items\[(\d{1,5})\]/.exec(field ?? "")?.[1] ?? []);
  return [...new Set(places.map(Number))];
}

async function lookUp(connection: PayPalConnection, providerBatchId: string): Promise<LookUpOutcome> {
  const pages: BatchPage[] = [];
  for (let number = 1; number <= Math.max(1, pages[0]?.total_pages ?? 1); number++) {
    if (number > PAGES_MAX) return { kind: "unknown", reason: `more than ${PAGES_MAX} pages of ${PAGE_SIZE} items` };
    const path = `${PATH}/${encodeURIComponent(providerBatchId)}?page=${number}&page_size=${PAGE_SIZE}&total_required=true`;
    const exchange = await connection.send({ method: "GET", path });
    if (exchange.kind !== "answer") return { kind: "unknown", reason: exchange.reason };
    if (exchange.status === 404 && number === 1 && errorAnswer.safeParse(exchange.json).success) {
      return { kind: "not_found", raw: rawOf(exchange) };
    }
    const page = exchange.status === 200 ? batchPage.safeParse(exchange.json) : undefined;
    if (!page?.success) return { kind: "unknown", reason: `page ${number}: HTTP ${exchange.status}, not a batch` };
    pages.push(page.data);
  }
  return joinPages(providerBatchId, pages);
}

/** A page that is missing, short or shown twice would hide payouts: nothing is concluded from such a batch. */
function joinPages(providerBatchId: string, pages: readonly BatchPage[]): LookUpOutcome {
  const [first] = pages;
  const last = pages.at(-1);
  if (!first || !last) return { kind: "unknown", reason: "no page" };
  if (pages.some((page) => page.batch_header.payout_batch_id !== providerBatchId)) {
    return { kind: "unknown", reason: "the answer is about another batch" };
  }
  const answers = pages.flatMap((page) => page.items);
  const totals = new Set(pages.map((page) => `${page.total_items ?? 0} on ${page.total_pages ?? 0}`));
  if (totals.size > 1) return { kind: "unknown", reason: `the totals changed: ${[...totals].join(", then ")}` };
  if (answers.length !== (first.total_items ?? 0)) {
    return { kind: "unknown", reason: `${answers.length} items came of ${first.total_items ?? "an unsaid number"}` };
  }
  const batchStatus = last.batch_header.batch_status;
  const isRefused = batchStatus === "DENIED" || batchStatus === "CANCELED";
  const items = answers.map((answer) => itemReportOf(answer, { isRefused }));
  if (new Set(items.map((item) => item.payoutId)).size < items.length) {
    return { kind: "unknown", reason: "one payout came twice" };
  }
  return { kind: "found", batchStatus, isRefused, isFinal: isRefused || batchStatus === "SUCCESS", items };
}

function unknown(answer: Answer, reason: string): SubmitOutcome {
  return { kind: "unknown", reason, raw: rawOf(answer) };
}

function messageOf(message: string, details: readonly { field?: string; issue?: string }[]): string {
  const first = details[0];
  return first ? `${message} (${first.field ?? "?"}: ${first.issue ?? "?"})` : message;
}

/** Postgres text holds no NUL. */
function rawOf(answer: Answer): string {
  return answer.text.slice(0, RAW_LENGTH_MAX).replaceAll("\0", "�");
}
