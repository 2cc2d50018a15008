export { attributeParked } from "./attribute-parked";
export { type ConversionChange, type ConversionDetail, getConversion } from "./queries";
export { recordConversions, type Statement, type StatementOutcome } from "./record-conversions";
export type { NetworkStatus, Trust } from "./rules/apply-report";
