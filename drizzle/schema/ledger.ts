import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { counter, createdAt, eventAt, minor, orgId } from "./columns";

// One account per organization, kind, owner and currency, with its balance: the sum of its entries, debits positive.
// May be negative in either direction (credit-normal accounts are; payable turns when a paid commission is reversed).
export const ledgerAccounts = pgTable(
  "ledger_accounts",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    kind: text("kind").notNull(),
    /** The affiliate, source, program or rail it belongs to; empty for the organization itself. */
    ownerId: text("owner_id").notNull(),
    currency: text("currency").notNull(),
    balanceMinor: minor("balance_minor").notNull().default(sql`0`),
    /** Number of its entries. */
    version: counter("version").notNull().default(0),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("ledger_accounts_once").on(t.orgId, t.kind, t.ownerId, t.currency),
    index("ledger_accounts_of_owner").on(t.ownerId),
  ],
);

// A balanced set of entries with its cause. Append-only; a mistake is corrected by a transaction that names it.
export const ledgerTransactions = pgTable(
  "ledger_transactions",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    /** The row that caused it, and what for: a pair posts once for ever. */
    causeId: text("cause_id").notNull(),
    purpose: text("purpose").notNull(),
    /** SHA-256 of its entries: the same cause with other entries is refused. */
    contentHash: text("content_hash").notNull(),
    correctsId: text("corrects_id"),
    eventAt: eventAt(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex("ledger_transactions_cause_once").on(t.orgId, t.causeId, t.purpose)],
);

// One line of a transaction: debit positive, credit negative. Append-only; the database itself refuses a transaction that
// does not sum to zero in each currency.
export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    id: text("id").primaryKey(),
    orgId: orgId(),
    transactionId: text("transaction_id")
      .notNull()
      .references(() => ledgerTransactions.id),
    accountId: text("account_id")
      .notNull()
      .references(() => ledgerAccounts.id),
    line: integer("line").notNull(),
    currency: text("currency").notNull(),
    amountMinor: minor("amount_minor").notNull(),
    balanceAfterMinor: minor("balance_after_minor").notNull(),
    accountVersion: counter("account_version").notNull(),
    eventAt: eventAt(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("ledger_entries_account_version_once").on(t.accountId, t.accountVersion),
    uniqueIndex("ledger_entries_line_once").on(t.transactionId, t.line),
    check("ledger_entries_not_zero", sql`${t.amountMinor} <> 0`),
  ],
);
