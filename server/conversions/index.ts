export { attributeParked } from "./attribute-parked";
export { type ConversionChange, type ConversionDetail, getConversion } from "./queries";
export { type DeliveredReport, type ReportOutcome, recordConversions } from "./record-conversions";
export type { NetworkStatus, Trust } from "./rules/apply-report";
