import { hash } from "node:crypto";
import { sql } from "drizzle-orm";
import { jsonRows, queryRows, type Tx } from "@/server/db";
import { assertInvariant, Refusal } from "@/server/errors";
import { newId } from "@/server/ids";
import { checkTransaction, type NewTransaction } from "./rules/check-transaction";

/** What became of each transaction asked for, in the order given. */
export type Posted = { transactionId: string; repeated: boolean };

/** Posts many balanced transactions with a fixed number of statements. A (cause, purpose) posts once for ever: asking again
 *  with the same lines returns the first transaction, with other lines is refused. Accounts are made when first used and
 *  locked in id order; every entry keeps the balance after it.
 *  Errors: conflict (same cause and purpose, other lines), invalid_input, invariant_broken, not_found (corrects nothing). */
export async function postTransactions(tx: Tx, transactions: readonly NewTransaction[], now: Date): Promise<Posted[]> {
  if (transactions.length === 0) return [];
  for (const transaction of transactions) checkTransaction(transaction);
  const wanted = transactions.map((transaction) => ({
    ...transaction,
    id: newId("txn", now),
    hash: contentHash(transaction),
  }));
  refuseContradictions(wanted);
  const ids = await insertTransactions(tx, wanted, now);
  const fresh = wanted.filter((transaction) => ids.get(keyOf(transaction)) === transaction.id);
  if (fresh.length > 0) await insertEntries(tx, fresh, now);
  return wanted.map((transaction) => {
    const transactionId = ids.get(keyOf(transaction));
    assertInvariant(transactionId, `transaction ${keyOf(transaction)} was neither posted nor found`);
    return { transactionId, repeated: transactionId !== transaction.id };
  });
}

type Wanted = NewTransaction & { id: string; hash: string };

/** The same cause and purpose twice in one call: the second is a repeat only when it says the same. */
function refuseContradictions(wanted: readonly Wanted[]): void {
  const hashes = new Map<string, string>();
  for (const transaction of wanted) {
    const first = hashes.get(keyOf(transaction)) ?? transaction.hash;
    if (first !== transaction.hash) {
      throw new Refusal("conflict", `${keyOf(transaction)} is asked for twice, with different lines`);
    }
    hashes.set(keyOf(transaction), transaction.hash);
  }
}

async function insertTransactions(tx: Tx, wanted: readonly Wanted[], now: Date): Promise<Map<string, string>> {
  const rows = jsonRows(
    wanted.map((t) => ({
      id: t.id,
      cause_id: t.causeId,
      purpose: t.purpose,
      content_hash: t.hash,
      corrects_cause: t.corrects?.causeId ?? null,
      corrects_purpose: t.corrects?.purpose ?? null,
      event_at: t.eventAt,
    })),
  );
  const kept = await queryRows<{ id: string; cause_id: string; purpose: string; corrects_id: string | null }>(
    tx,
    sql`insert into ledger_transactions (id, cause_id, purpose, content_hash, corrects_id, event_at, created_at)
        select w.id, w.cause_id, w.purpose, w.content_hash,
          (select original.id from ledger_transactions original
            where original.cause_id = w.corrects_cause and original.purpose = w.corrects_purpose),
          w.event_at, ${now.toISOString()}::timestamptz
        from ${rows} as w(id text, cause_id text, purpose text, content_hash text, corrects_cause text, corrects_purpose text, event_at timestamptz)
        order by w.cause_id, w.purpose
        on conflict (org_id, cause_id, purpose) do nothing
        returning id, cause_id, purpose, corrects_id`,
  );
  refuseCorrectingNothing(wanted, kept);
  const ids = new Map(kept.map((row) => [`${row.cause_id} ${row.purpose}`, row.id]));
  const repeats = wanted.filter((t) => !ids.has(keyOf(t)));
  if (repeats.length > 0) await findRepeats(tx, repeats, ids);
  return ids;
}

function refuseCorrectingNothing(
  wanted: readonly Wanted[],
  kept: readonly { id: string; corrects_id: string | null }[],
): void {
  const aimless = new Set(kept.filter(({ corrects_id }) => corrects_id === null).map(({ id }) => id));
  const wrong = wanted.find(({ id, corrects }) => corrects && aimless.has(id));
  if (!wrong?.corrects) return;
  const { causeId, purpose } = wrong.corrects;
  throw new Refusal("not_found", `${keyOf(wrong)} corrects ${causeId} ${purpose}, which was never posted`);
}

async function findRepeats(tx: Tx, repeats: readonly Wanted[], ids: Map<string, string>): Promise<void> {
  const known = await queryRows<{ id: string; cause_id: string; purpose: string; content_hash: string }>(
    tx,
    sql`select t.id, t.cause_id, t.purpose, t.content_hash from ledger_transactions t
        join ${jsonRows(repeats.map((t) => ({ cause_id: t.causeId, purpose: t.purpose })))} as w(cause_id text, purpose text)
          using (cause_id, purpose)`,
  );
  const hashes = new Map(known.map((row) => [`${row.cause_id} ${row.purpose}`, row]));
  for (const repeat of repeats) {
    const first = hashes.get(keyOf(repeat));
    assertInvariant(first, `transaction ${keyOf(repeat)} conflicts with a row that cannot be read`);
    if (first.content_hash !== repeat.hash) {
      throw new Refusal(
        "conflict",
        `${keyOf(repeat)} was already posted as ${first.id} with other lines: correct it by a new transaction`,
      );
    }
    ids.set(keyOf(repeat), first.id);
  }
}

async function insertEntries(tx: Tx, fresh: readonly Wanted[], now: Date): Promise<void> {
  const lines = fresh.flatMap((transaction, ordinal) =>
    transaction.lines.map((line, index) => ({
      id: newId("ent", now),
      transaction_id: transaction.id,
      ordinal,
      line: index,
      kind: line.account.kind,
      owner_id: line.account.ownerId,
      currency: line.amount.currency,
      amount_minor: line.amount.minor,
      event_at: transaction.eventAt,
    })),
  );
  await lockAccounts(tx, lines, now);
  const input = sql`${jsonRows(lines)} as l(id text, transaction_id text, ordinal int, line int, kind text, owner_id text, currency text, amount_minor bigint, event_at timestamptz)`;
  await tx.execute(
    sql`with added as (
          insert into ledger_entries (id, transaction_id, account_id, line, currency, amount_minor, balance_after_minor, account_version, event_at, created_at)
          select l.id, l.transaction_id, a.id, l.line, l.currency, l.amount_minor,
            a.balance_minor + sum(l.amount_minor) over (partition by a.id order by l.ordinal, l.line),
            a.version + row_number() over (partition by a.id order by l.ordinal, l.line),
            l.event_at, ${now.toISOString()}::timestamptz
          from ${input} join ledger_accounts a using (kind, owner_id, currency)
          returning account_id, amount_minor
        )
        update ledger_accounts a set balance_minor = a.balance_minor + s.amount_minor, version = a.version + s.entries
        from (select account_id, sum(amount_minor) as amount_minor, count(*) as entries from added group by account_id) s
        where a.id = s.account_id`,
  );
}

/** Makes the accounts that are used for the first time, and locks all of them in id order. */
async function lockAccounts(
  tx: Tx,
  lines: readonly { kind: string; owner_id: string; currency: string }[],
  now: Date,
): Promise<void> {
  const accounts = new Map(
    lines.map(({ kind, owner_id, currency }) => [`${kind} ${owner_id} ${currency}`, { kind, owner_id, currency }]),
  );
  const rows = [...accounts.values()].map((account) => ({ id: newId("acc", now), ...account }));
  const wanted = sql`${jsonRows(rows)} as w(id text, kind text, owner_id text, currency text)`;
  await tx.execute(
    sql`insert into ledger_accounts (id, kind, owner_id, currency)
        select id, kind, owner_id, currency from ${wanted} order by kind, owner_id, currency
        on conflict (org_id, kind, owner_id, currency) do nothing`,
  );
  await tx.execute(
    sql`select 1 from ledger_accounts where (kind, owner_id, currency) in (select kind, owner_id, currency from ${wanted})
        order by id for update`,
  );
}

function keyOf(transaction: { causeId: string; purpose: string }): string {
  return `${transaction.causeId} ${transaction.purpose}`;
}

/** Ids and amounts only: the hash must survive the erasure of a person. */
function contentHash(transaction: NewTransaction): string {
  const lines = transaction.lines
    .map((line) => `${line.account.kind} ${line.account.ownerId} ${line.amount.currency} ${line.amount.minor}`)
    .sort();
  return hash("sha256", lines.join("\n"));
}
