export { postTransactions } from "./post-transactions";
export { balancesOf, type EntryRow, entriesOf, totalsByKind } from "./queries";
export { type AccountKind, credit, debit, type Line } from "./rules/accounts";
export type { NewTransaction } from "./rules/check-transaction";
export { type LedgerViolation, verifyLedger } from "./verify-ledger";
