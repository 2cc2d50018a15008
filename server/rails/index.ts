export { createPayPal, type PayPalOptions } from "./paypal";
export type {
  FrozenSubmission,
  ItemReport,
  LookUpOutcome,
  Rail,
  RailItem,
  RailStatus,
  SubmitOutcome,
} from "./rail";
export { canMove, type PayoutState, stateAfterReport } from "./rules/payout-states";
