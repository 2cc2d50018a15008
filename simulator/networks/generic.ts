import { createHmac } from "node:crypto";
import { pick } from "@/simulator/draw";
import type { Dialect, OutgoingRequest } from "./dialect";
import type { NetworkReport, ReportedState } from "./plan-reports";

export type GenericOptions = {
  readonly url: string;
  /** Chooses this network's own parameter names and status words, which it then keeps. */
  readonly seed: number;
  /** How it sends; `varied` changes from request to request. */
  readonly method?: "GET" | "FORM" | "JSON" | "varied";
  /** Signs when given: a header over the body of a POST, a parameter over the sorted query of a GET. */
  readonly secret?: string;
};

/** One network's habits. */
type Names = { click: string; id: string; reward: string; sale: string };

const namings: readonly Names[] = [
  { click: "click_id", id: "transaction_id", reward: "payout", sale: "amount" },
  { click: "subid", id: "order_id", reward: "commission", sale: "sale_amount" },
  { click: "sub1", id: "conversion_id", reward: "payout", sale: "amount" },
  { click: "aff_sub", id: "txn_id", reward: "commission", sale: "amount" },
];

const wordings: readonly Record<ReportedState, string>[] = [
  { pending: "pending", approved: "approved", declined: "declined", reversed: "reversed" },
  { pending: "open", approved: "confirmed", declined: "rejected", reversed: "reversed" },
  { pending: "2", approved: "1", declined: "3", reversed: "reversed" },
  { pending: "P", approved: "A", declined: "D", reversed: "void" },
];

/** A network that calls a URL of ours with whatever names and words it likes. */
export function genericDialect(options: GenericOptions): Dialect {
  const names = pick(namings, options.seed, "names");
  const words = pick(wordings, options.seed, "words");
  return {
    name: "generic",
    subIdParameters: ["click_id", "clickid", "subid", "sub1", "aff_sub", "clickref", "cid", "u1", "sid", "epi", "s1"],
    encode(report, clickRef, now) {
      const parameters = {
        [names.click]: clickRef,
        [names.id]: report.externalId,
        [names.reward]: report.reward,
        [names.sale]: report.sale,
        currency: report.currency,
        status: words[report.state],
        ts: String(report.reportedAt.getTime()),
      };
      switch (methodOf(options, report)) {
        case "GET":
          return encodeQuery(options, parameters, now);
        case "FORM":
          return encodeBody(options, new URLSearchParams(parameters).toString(), form, now);
        default:
          return encodeBody(options, JSON.stringify(parameters), "application/json", now);
      }
    },
  };
}

const form = "application/x-www-form-urlencoded";

function methodOf({ method = "varied", seed }: GenericOptions, report: NetworkReport): "GET" | "FORM" | "JSON" {
  if (method !== "varied") return method;
  return pick(["GET", "FORM", "JSON"] as const, seed, "method", report.externalId, report.state);
}

/** `sig` is the hex HMAC-SHA256 of the query without it, its pairs sorted by bytes; `t` dates it in unix seconds. */
function encodeQuery({ url, secret }: GenericOptions, parameters: Record<string, string>, now: Date): OutgoingRequest {
  const dated = secret ? { ...parameters, t: String(Math.floor(now.getTime() / 1000)) } : parameters;
  const signed = new URLSearchParams(dated).toString().split("&").sort().join("&");
  const signature = secret && createHmac("sha256", secret).update(signed).digest("hex");
  const query = signature ? `${signed}&sig=${signature}` : signed;
  return { url: `${url}${url.includes("?") ? "&" : "?"}${query}`, method: "GET", headers: {} };
}

/** `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. */
function encodeBody({ url, secret }: GenericOptions, body: string, type: string, now: Date): OutgoingRequest {
  const t = Math.floor(now.getTime() / 1000);
  const signature = secret && createHmac("sha256", secret).update(`${t}.${body}`).digest("hex");
  return {
    url,
    method: "POST",
    headers: { "content-type": type, ...(signature && { "x-signature": `t=${t},v1=${signature}` }) },
    body,
  };
}
