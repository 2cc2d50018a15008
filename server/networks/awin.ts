import { amountOf, currencyOf } from "./amounts";
import type { Network, RawRequest, Report, SourceSettings } from "./network";
import { type Parameters, readBody, readJsonParameters, readParameters, textOf } from "./parameters";
import { readTimestamp } from "./timestamps";
import { readReports, Unreadable } from "./unreadable";

const FIELD = "AwinTransactionPush";

const FURTHER_CLICK_REFS = ["clickRef2", "clickRef3", "clickRef4", "clickRef5", "clickRef6"];

/** Awin's transaction notification (https://help.awin.com/docs/transaction-notifications): a form with one field that
 *  holds JSON, the JSON alone, or a GET with macros. It is sent when a sale is tracked and has no status and no signature:
 *  a conversion begins pending, whatever the source's default, approval comes from elsewhere, and a push that comes again
 *  takes none back. Times are UTC. */
export const awin: Network = {
  name: "awin",
  title: "Awin",
  subIdParameter: "clickref",
  postbackTemplate: `?${[
    "transactionId",
    "transactionDate",
    "transactionAmount",
    "transactionCurrency",
    "commission",
    "clickRef",
    ...FURTHER_CLICK_REFS,
  ]
    .map((name) => `${name}=!!!${name}!!!`)
    .join("&")}`,
  parseRequest: (request, settings) => readReports(() => [readReport(request, settings)]),
};

function readReport(request: RawRequest, settings: SourceSettings): Report {
  const parameters = readTransaction(request);
  const value = (name: string, lengthMax?: number) => textOf(parameters.get(name.toLowerCase()), lengthMax);
  const currency = currencyOf(parameters.get("transactioncurrency"), settings.defaultCurrency);
  const externalId = value("transactionId");
  if (externalId === undefined) throw new Unreadable("no transaction id: transactionId has no value");
  const date = value("transactionDate");
  return {
    externalId,
    // Awin writes a decimal point whatever the advertiser's country; the source's own format does not apply.
    sale: amountOf(parameters.get("transactionamount"), currency, "plain"),
    reward: amountOf(parameters.get("commission"), currency, "plain"),
    clickRef: value("clickRef", 512),
    subIds: Object.fromEntries(
      FURTHER_CLICK_REFS.flatMap((name) => {
        const text = value(name, 512);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
    occurredAt: date === undefined ? undefined : readTimestamp(date, "transactionDate").occurredAt,
  };
}

function readTransaction(request: RawRequest): Parameters {
  if (request.method !== "POST") return readParameters(request);
  const body = readBody(request);
  if (body.kind === "json") return readJsonParameters(body.text);
  // Some clients leave the JSON in the form unescaped, where its "&", "%" and "+" would be misread.
  if (body.text.startsWith(`${FIELD}={`)) return readJsonParameters(body.text.slice(FIELD.length + 1));
  const push = readParameters({ ...request, target: "" }).get(FIELD.toLowerCase());
  if (push?.text == null) throw new Unreadable(`the form has no field ${FIELD}`);
  return readJsonParameters(push.text);
}
