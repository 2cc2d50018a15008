export { attributeParked } from "./attribute-parked";
export { recordConversions, type Statement, type StatementOutcome } from "./record-conversions";
