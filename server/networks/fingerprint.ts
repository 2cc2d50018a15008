import { hash } from "node:crypto";
import type { Money } from "@/server/money";
import type { Report } from "./network";

/** What a report says, as sha256 in hex: two reports with one fingerprint say the same about the same conversion.
 *  Guarantees: the order of sub-ids does not count; a field left out differs from every value it could have. */
export function fingerprintOf(report: Report): string {
  const canonical = JSON.stringify([
    "report/1",
    report.externalId,
    report.status,
    amountText(report.sale),
    amountText(report.reward),
    report.clickRef ?? null,
    Object.entries(report.subIds).sort(([a], [b]) => (a < b ? -1 : 1)),
    report.occurredAt?.toISOString() ?? null,
    report.orderingKey ?? null,
  ]);
  return hash("sha256", canonical);
}

/** The key under which a repeat of this report is found: the source's id with its place in the order where the dialect
 *  has one; else the conversion, whose latest known state decides whether the report is news. */
export function dedupeKeyOf(report: Report): string {
  return report.orderingKey === undefined ? `c:${report.externalId}` : `o:${report.externalId}@${report.orderingKey}`;
}

function amountText(amount: Money | undefined): string | null {
  return amount ? `${amount.minor} ${amount.currency}` : null;
}
