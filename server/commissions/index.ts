export { markCommissions } from "./mark-commissions";
export { type CommissionEffect, commissionOf } from "./queries";
export { releaseHolds } from "./release-holds";
export { explain } from "./rules/explain";
export type { Trace } from "./rules/price";
export type { CommissionState, EffectKind, NetworkStatus, Trust } from "./rules/types";
export { type AttributedConversion, type CommissionOutcome, updateCommissions } from "./update-commissions";
