export { endActivityStreams } from "./activity-hub";
export type { ActivityEvent, BalanceLine, BalanceLines } from "./output";
export { type Reader, readerOf } from "./portal-queries";
export type { BalanceName } from "./rules/balance-names";
export type { CurrencyBalances } from "./rules/balances";
export type { Description } from "./rules/describe-activity";
export { type Holder, type SideState, type Stage, type StageInput, type StageStep, stageOf } from "./rules/stage";
export { streamActivity } from "./stream-activity";
