import { amountOf, currencyOf } from "./amounts";
import type { Network, NetworkStatus, RawRequest, Report, SourceSettings } from "./network";
import { type Parameter, type Parameters, readParameters, textOf } from "./parameters";
import { readTimestamp } from "./timestamps";
import { quote, readReports, Unreadable } from "./unreadable";

/** What senders call each thing, lower case; where several are given, the first in the list counts. */
const ALIASES = {
  transaction: [
    "txn_id",
    "transaction_id",
    "conversion_id",
    "action_id",
    "order_id",
    "oid",
    "xid",
    "orderref",
    "receipt",
  ],
  click: [
    "click_id",
    "clickid",
    "cid",
    "subid",
    "sub1",
    "aff_sub",
    "clickref",
    "u1",
    "sid",
    "shopperid",
    "epi",
    "tid",
    "afftrack",
    "s1",
  ],
  sale: ["amount", "sale_amount", "order_sum", "transactionamount", "amt1"],
  reward: ["payout", "commission", "amount_affiliate", "payment_sum"],
  currency: ["currency"],
  status: ["status", "state", "afstatus"],
  time: ["ts"],
} as const;

/** Sub-ids beyond the one that carries the click: "sub2", "aff_sub3", "clickref6". */
const FURTHER_SUB_ID = /^(?:sub|subid|sub_id|aff_sub|affiliate_info|clickref|epi|s|p)(?:[2-9]|10)$/;

const STATUS_WORDS: Readonly<Record<NetworkStatus, readonly string[]>> = {
  approved: ["1", "approved", "confirmed", "locked", "paid", "a"],
  pending: ["2", "pending", "open", "new", "p", "hold", "5"],
  declined: ["3", "declined", "rejected", "void", "canceled", "cancelled", "d"],
  reversed: ["reversed", "refunded", "chargeback"],
};

const STATUS_BY_WORD = new Map(
  (["approved", "pending", "declined", "reversed"] as const).flatMap((status) =>
    STATUS_WORDS[status].map((word): [string, NetworkStatus] => [word, status]),
  ),
);

/** A missing value that a sender's program turned into text; taken as an id it would merge all conversions into one. */
const NO_ID = /^(?:null|undefined|none|nan)$/i;

/** Long click ids exist; beyond this a value is no id, and no index would take it. */
const CLICK_REF_LENGTH_MAX = 512;

/** The postback that any sender can make: one conversion a request, in query, form or JSON. A parameter that is left out
 *  or empty says nothing, except for an amount: an empty one was meant to say something, is unreadable and never 0. A `ts` gives
 *  the dialect its order. */
export const generic: Network = {
  name: "generic",
  title: "Generic postback",
  subIdParameter: "sub1",
  postbackTemplate:
    "?txn_id={transaction_id}&click_id={sub1}&status={status}&amount={sale_amount}&payout={payout}&currency={currency}&ts={timestamp}",
  parseRequest: (request, settings) => readReports(() => [readReport(request, settings)]),
};

function readReport(request: RawRequest, settings: SourceSettings): Report {
  const parameters = readParameters(request);
  const currency = currencyOf(onlyOne(parameters, ALIASES.currency), settings.defaultCurrency);
  const time = onlyOne(parameters, ALIASES.time);
  const timeText = textOf(time);
  const status = statusOf(onlyOne(parameters, ALIASES.status));
  return {
    externalId: transactionOf(parameters),
    ...(status === undefined ? { defaultStatus: settings.defaultStatus } : { status }),
    sale: amountOf(onlyOne(parameters, ALIASES.sale), currency, settings.amountFormat),
    reward: amountOf(onlyOne(parameters, ALIASES.reward), currency, settings.amountFormat),
    ...subIdsOf(parameters),
    ...(time && timeText !== undefined ? readTimestamp(timeText, time.name) : {}),
  };
}

function transactionOf(parameters: Parameters): string {
  for (const alias of ALIASES.transaction) {
    const parameter = parameters.get(alias);
    const id = textOf(parameter);
    if (parameter === undefined || id === undefined) continue;
    if (NO_ID.test(id))
      throw new Unreadable(`parameter ${quote(parameter.name)} is ${quote(id)}: not a transaction id`);
    return id;
  }
  throw new Unreadable(`no transaction id: none of ${ALIASES.transaction.join(", ")} has a value`);
}

function statusOf(parameter: Parameter | undefined): NetworkStatus | undefined {
  const word = textOf(parameter);
  if (parameter === undefined || word === undefined) return undefined;
  const status = STATUS_BY_WORD.get(word.toLowerCase());
  if (!status) throw new Unreadable(`parameter ${quote(parameter.name)} is ${quote(word)}: not a status word we know`);
  return status;
}

function subIdsOf(parameters: Parameters): { clickRef?: string; subIds: Record<string, string> } {
  const clicks = ALIASES.click.flatMap((alias) => parameters.get(alias) ?? []);
  const further = [...parameters].flatMap(([key, parameter]) => (FURTHER_SUB_ID.test(key) ? [parameter] : []));
  const given = [...clicks, ...further].flatMap((parameter): [Parameter, string][] => {
    const text = textOf(parameter, CLICK_REF_LENGTH_MAX);
    return text === undefined ? [] : [[parameter, text]];
  });
  const carrier = given.find(([parameter]) => clicks.includes(parameter));
  const others = given.filter((entry) => entry !== carrier);
  return {
    clickRef: carrier?.[1],
    subIds: Object.fromEntries(others.map(([parameter, text]) => [parameter.name, text])),
  };
}

/** The one parameter that answers to any of the names. Errors: Unreadable (two that say different things). */
function onlyOne(parameters: Parameters, names: readonly string[]): Parameter | undefined {
  const [first, ...others] = names.flatMap((name) => parameters.get(name) ?? []);
  const other = others.find((parameter) => parameter.text !== first?.text);
  if (first && other) {
    throw new Unreadable(`parameters ${quote(first.name)} and ${quote(other.name)} mean the same and differ`);
  }
  return first;
}
