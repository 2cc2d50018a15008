import type { NewTransaction } from "@/server/ledger";
import type { ProofPostgres } from "./proof-postgres";

/** The judge's own list of what the ledger acknowledged. */
export type BankBooks = {
  acknowledge(transactions: readonly NewTransaction[]): void;
  size(): number;
  /** Resolves when so many are acknowledged, or the books are closed. */
  reached(count: number): Promise<void>;
  /** Nothing more will be waited for. */
  close(): void;
  /** Reads the ledger's tables as they stand and says what is not as acknowledged. */
  compare(postgres: ProofPostgres): Promise<{ missing: string[]; wrong: string[] }>;
};

type EntryRow = {
  cause_id: string;
  transactions: string;
  kind: string;
  owner_id: string;
  currency: string;
  amount_minor: string;
};
type AccountRow = { kind: string; owner_id: string; currency: string; balance_minor: string };

/** Empty books. */
export function createBankBooks(): BankBooks {
  const acknowledged = new Map<string, NewTransaction>();
  let waiting: { count: number; resolve: () => void }[] = [];
  let isClosed = false;
  return {
    acknowledge(transactions) {
      for (const transaction of transactions) acknowledged.set(transaction.causeId, transaction);
      const ready = waiting.filter(({ count }) => acknowledged.size >= count);
      waiting = waiting.filter(({ count }) => acknowledged.size < count);
      for (const { resolve } of ready) resolve();
    },
    size: () => acknowledged.size,
    reached: (count) =>
      new Promise((resolve) => {
        if (isClosed || acknowledged.size >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    close() {
      isClosed = true;
      for (const { resolve } of waiting) resolve();
      waiting = [];
    },
    async compare(postgres) {
      const entries = await postgres.ask<EntryRow>(
        `select t.cause_id, count(*) over (partition by t.cause_id, e.line) as transactions, a.kind, a.owner_id, e.currency, e.amount_minor
         from ledger_transactions t join ledger_entries e on e.transaction_id = t.id join ledger_accounts a on a.id = e.account_id`,
      );
      const accounts = await postgres.ask<AccountRow>(
        "select kind, owner_id, currency, balance_minor from ledger_accounts",
      );
      return compareEntries(acknowledged, entries, accounts);
    },
  };
}

function compareEntries(
  acknowledged: ReadonlyMap<string, NewTransaction>,
  entries: readonly EntryRow[],
  accounts: readonly AccountRow[],
) {
  const found = new Map<string, string[]>();
  for (const row of entries) {
    const lines = found.get(row.cause_id) ?? [];
    lines.push(`${row.kind} ${row.owner_id} ${row.currency} ${row.amount_minor}`);
    found.set(row.cause_id, lines);
  }
  const missing = [...acknowledged.keys()].filter((cause) => !found.has(cause));
  const wrong = [...found].flatMap(([cause, lines]) => {
    const transaction = acknowledged.get(cause);
    if (!transaction) return [`${cause} is in the ledger and was never acknowledged`];
    const expected = linesOf(transaction).sort().join(", ");
    return lines.sort().join(", ") === expected
      ? []
      : [`${cause} has the lines ${lines.join(", ")}; asked for ${expected}`];
  });
  return { missing, wrong: [...wrong, ...wrongBalances(acknowledged, accounts)] };
}

/** The balances that the acknowledged postings alone give. */
function wrongBalances(acknowledged: ReadonlyMap<string, NewTransaction>, accounts: readonly AccountRow[]): string[] {
  const expected = new Map<string, bigint>();
  for (const { lines } of acknowledged.values()) {
    for (const { account, amount } of lines) {
      const name = `${account.kind} ${account.ownerId} ${amount.currency}`;
      expected.set(name, (expected.get(name) ?? 0n) + amount.minor);
    }
  }
  const kept = new Map(
    accounts.map((row) => [`${row.kind} ${row.owner_id} ${row.currency}`, BigInt(row.balance_minor)]),
  );
  return [...new Set([...expected.keys(), ...kept.keys()])].flatMap((name) => {
    const [mine, theirs] = [expected.get(name) ?? 0n, kept.get(name) ?? 0n];
    return mine === theirs ? [] : [`${name} stands at ${theirs}; the acknowledged postings give ${mine}`];
  });
}

function linesOf({ lines }: NewTransaction): string[] {
  return lines.map(({ account, amount }) => `${account.kind} ${account.ownerId} ${amount.currency} ${amount.minor}`);
}
