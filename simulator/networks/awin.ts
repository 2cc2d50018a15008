import type { Dialect } from "./dialect";
import type { NetworkReport } from "./plan-reports";

export type AwinOptions = { readonly url: string; readonly affiliateId?: string; readonly merchantId?: string };

/** Awin's transaction notification: one form field that holds JSON, sent when a transaction is recorded and never
 *  again. It has no status and no signature; approvals are learnt from Awin's API. */
export function awinDialect(options: AwinOptions): Dialect {
  return {
    name: "awin",
    subIdParameters: ["clickref", "clickRef"],
    encode(report, clickRef) {
      if (report.state !== "pending") return null;
      const push = JSON.stringify(pushOf(options, report, clickRef));
      return {
        url: options.url,
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ AwinTransactionPush: push }).toString(),
      };
    },
  };
}

function pushOf(options: AwinOptions, report: NetworkReport, clickRef: string) {
  const clicked = new Date(report.soldAt.getTime() - 11 * 60_000);
  return {
    transactionId: awinNumber(report.externalId),
    transactionDate: utc(report.soldAt),
    transactionAmount: short(report.sale),
    commission: short(report.reward),
    affiliateId: options.affiliateId ?? "242611",
    merchantId: options.merchantId ?? "2678",
    groupId: "0",
    bannerId: "0",
    clickRef,
    clickThroughTime: utc(clicked),
    clickTime: utc(clicked),
    url: "https://publisher.example/",
    transactionCurrency: report.currency,
    commissionGroups: [
      { id: "15250", name: "Default Commission", code: "DEFAULT", description: "Commission on every sale" },
    ],
  };
}

/** Awin writes "33.7", not "33.70". */
function short(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

/** "YYYY-MM-DD HH:MM:SS", UTC. */
function utc(at: Date): string {
  return at.toISOString().slice(0, 19).replace("T", " ");
}

/** Awin's ids are numbers: this one depends on the plan's id alone. */
function awinNumber(externalId: string): string {
  let number = 7n;
  for (const byte of Buffer.from(externalId)) number = (number * 131n + BigInt(byte)) % 1_000_000_007_000_003n;
  return number.toString().padStart(9, "2");
}
