export { applyReports } from "./apply-reports";
export { type ApprovedBatch, approveBatch } from "./approve-batch";
export { checkAttempt } from "./check-attempt";
export { type Claim, claimPayouts } from "./claim-payouts";
export { discardBatch } from "./discard-batch";
export { type DueAttempt, dueAttempts } from "./due-attempts";
export type { FindingRow, LastBatch } from "./finding-queries";
export type { AttemptRow, LineRow, OwnPayout, PayoutDetail, PayoutEventRow } from "./payout-detail";
export { type NewBatch, type PlannedBatch, planBatch } from "./plan-batch";
export type {
  BatchDetail,
  BatchState,
  BatchSummary,
  PayoutSummary,
  StateTotal,
} from "./queries";
export type { RetriedPayouts } from "./queue-retries";
export { recordCheck } from "./record-check";
export { type RecordedSubmission, recordSubmission } from "./record-submission";
export { retryPayouts } from "./retry-payouts";
export type { State } from "./rules/states";
export { submitAttempt } from "./submit-attempt";
export { takeSubmission } from "./take-submission";
