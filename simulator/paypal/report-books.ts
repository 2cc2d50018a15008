import { formatMinor, paypalExponent } from "@/simulator/amounts";
import type { Books, Item } from "./books";

/** What one of the sender's payouts came to, over all batches that carried it. */
type ItemAccount = {
  /** How often money was accepted under this sender_item_id; more than 1 is a double payment in the making. */
  accepted: number;
  /** How often it reached SUCCESS, and how often money came back afterwards or was never taken. */
  paid: number;
  back: number;
  currency: string;
  /** Decimal strings: sum accepted, sum paid (what came back is not subtracted). */
  acceptedAmount: string;
  paidAmount: string;
  statuses: string[];
  senderBatchIds: (string | null)[];
};

type KeyAccount = {
  /** Submissions read under the key, distinct bodies among them, and batches accepted. */
  requests: number;
  bodies: number;
  accepted: number;
  payoutBatchIds: string[];
};

type Violation =
  | { rule: "one body per sender_batch_id"; senderBatchId: string; bodies: number }
  | { rule: "an item is accepted once"; senderItemId: string; accepted: number }
  | { rule: "every batch has a sender_batch_id"; payoutBatchId: string };

/** The judge's view. Every amount is a decimal string of its currency. */
export type BooksReport = {
  /** By sender_item_id; an item without one is listed under its own payout_item_id. */
  items: Record<string, ItemAccount>;
  batches: Record<string, KeyAccount>;
  totals: Record<string, { accepted: string; paid: string; back: string; items: number }>;
  violations: Violation[];
  /** How submissions were answered, and which faults really met one, as `fault@operation`. */
  answers: Record<string, number>;
  faults: Record<string, number>;
};

const backAgain = new Set<string>(["RETURNED", "REFUNDED", "REVERSED", "FAILED", "BLOCKED"]);

/** Adds the books up. */
export function reportBooks(books: Books): BooksReport {
  const items = itemAccounts(books);
  const batches = keyAccounts(books);
  return {
    items,
    batches,
    totals: totals(books),
    violations: violations(books, items, batches),
    answers: Object.fromEntries(books.answers),
    faults: Object.fromEntries(books.faults),
  };
}

/** Whether the sender has its money back (or never lost it). */
export function isBack(item: Item): boolean {
  return backAgain.has(item.status);
}

function itemAccounts(books: Books): Record<string, ItemAccount> {
  const groups = new Map<string, Item[]>();
  for (const item of books.items.values()) {
    const name = item.accepted.senderItemId ?? item.accepted.payoutItemId;
    groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  return Object.fromEntries([...groups].map(([name, group]) => [name, accountOf(group)]));
}

function accountOf(group: Item[]): ItemAccount {
  const currency = group[0]?.batch.accepted.currency ?? "";
  const paid = group.filter(wasPaid);
  return {
    accepted: group.length,
    paid: paid.length,
    back: group.filter(isBack).length,
    currency,
    acceptedAmount: sum(group, currency),
    paidAmount: sum(paid, currency),
    statuses: group.map((item) => item.status),
    senderBatchIds: group.map((item) => item.batch.accepted.senderBatchId),
  };
}

function keyAccounts(books: Books): Record<string, KeyAccount> {
  const accounts: Record<string, KeyAccount> = {};
  for (const [senderBatchId, bodies] of books.bodies) {
    const requests = [...bodies.values()].reduce((all, one) => all + one, 0);
    accounts[senderBatchId] = { requests, bodies: bodies.size, accepted: 0, payoutBatchIds: [] };
  }
  for (const { accepted } of books.batches.values()) {
    const account = accepted.senderBatchId ? accounts[accepted.senderBatchId] : undefined;
    if (!account) continue;
    account.accepted += 1;
    account.payoutBatchIds.push(accepted.payoutBatchId);
  }
  return accounts;
}

function totals(books: Books): BooksReport["totals"] {
  const byCurrency = new Map<string, Item[]>();
  for (const item of books.items.values()) {
    const { currency } = item.batch.accepted;
    const group = byCurrency.get(currency) ?? [];
    group.push(item);
    byCurrency.set(currency, group);
  }
  return Object.fromEntries(
    [...byCurrency].map(([currency, group]) => [
      currency,
      {
        accepted: sum(group, currency),
        paid: sum(group.filter(wasPaid), currency),
        back: sum(group.filter(isBack), currency),
        items: group.length,
      },
    ]),
  );
}

function violations(books: Books, items: BooksReport["items"], batches: BooksReport["batches"]): Violation[] {
  const found: Violation[] = [];
  for (const [senderBatchId, { bodies }] of Object.entries(batches))
    if (bodies > 1) found.push({ rule: "one body per sender_batch_id", senderBatchId, bodies });
  for (const [senderItemId, { accepted }] of Object.entries(items))
    if (accepted > 1) found.push({ rule: "an item is accepted once", senderItemId, accepted });
  for (const [payoutBatchId, batch] of books.batches)
    if (batch.accepted.senderBatchId === null) found.push({ rule: "every batch has a sender_batch_id", payoutBatchId });
  return found;
}

function wasPaid(item: Item): boolean {
  return item.history.includes("SUCCESS");
}

function sum(group: Item[], currency: string): string {
  const minor = group.reduce((all, item) => all + BigInt(item.accepted.minor), 0n);
  return formatMinor(minor, paypalExponent(currency) ?? 2);
}
