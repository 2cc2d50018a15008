export { endActivityStreams } from "./activity-hub";
export type { BalanceLine, BalanceLines } from "./balance-lines";
export type { BalanceName } from "./rules/balance-names";
export type { CurrencyBalances } from "./rules/balances";
export type { Description } from "./rules/describe-activity";
export { type Holder, type SideState, type Stage, type StageInput, type StageStep, stageOf } from "./rules/stage";
export { type ActivityEvent, streamActivity } from "./stream-activity";
