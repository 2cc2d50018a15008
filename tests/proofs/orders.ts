import type { Random } from "./random";

/** One thing a network says about an order, and the one commission movement that must follow. */
export type Change = {
  readonly status: "pending" | "approved" | "declined" | "reversed";
  /** Decimal text of what the network pays. */
  readonly payout: string;
  readonly effect: string;
  /** What is held for the affiliate after it, in minor units: half of what the network pays, rounded half to even, by hand. */
  readonly heldMinor: bigint;
};

/** A life of one order, change by change. */
export type Order = { readonly id: string; readonly member: string; readonly changes: readonly Change[] };

/** Lives with the movements that a person would book for them. */
const LIVES: readonly (readonly Change[])[] = [
  [{ status: "approved", payout: "10.00", effect: "accrue", heldMinor: 500n }],
  [
    { status: "pending", payout: "7.30", effect: "accrue", heldMinor: 365n },
    { status: "approved", payout: "7.30", effect: "approve", heldMinor: 365n },
  ],
  [
    { status: "approved", payout: "10.00", effect: "accrue", heldMinor: 500n },
    { status: "declined", payout: "10.00", effect: "decline", heldMinor: 0n },
    { status: "approved", payout: "10.00", effect: "reinstate", heldMinor: 500n },
  ],
  [
    { status: "pending", payout: "25.01", effect: "accrue", heldMinor: 1250n },
    { status: "pending", payout: "19.99", effect: "adjust", heldMinor: 1000n },
    { status: "approved", payout: "19.99", effect: "approve", heldMinor: 1000n },
    { status: "reversed", payout: "19.99", effect: "reverse", heldMinor: 0n },
  ],
  [
    { status: "pending", payout: "3.00", effect: "accrue", heldMinor: 150n },
    { status: "declined", payout: "3.00", effect: "decline", heldMinor: 0n },
    { status: "pending", payout: "3.00", effect: "reinstate", heldMinor: 150n },
    { status: "approved", payout: "3.00", effect: "approve", heldMinor: 150n },
    { status: "declined", payout: "3.00", effect: "decline", heldMinor: 0n },
    { status: "approved", payout: "3.00", effect: "reinstate", heldMinor: 150n },
  ],
];

/** Orders with exactly so many changes in all; every kind of life comes first, the rest by chance. */
export function drawOrders(random: Random, changes: number, members: readonly string[]): Order[] {
  const orders: Order[] = [];
  for (let left = changes; left > 0; ) {
    const life = LIVES[LIVES.length - 1 - orders.length] ?? random.pick(LIVES);
    const order = { id: `order-${orders.length}`, member: random.pick(members), changes: life.slice(0, left) };
    left -= order.changes.length;
    orders.push(order);
  }
  return orders;
}

/** What must be held for an affiliate when all was said, by the lives alone. */
export function heldAtTheEnd(orders: readonly Order[], member: string): bigint {
  const own = orders.filter((order) => order.member === member);
  return own.reduce((sum, { changes }) => sum + (changes.at(-1)?.heldMinor ?? 0n), 0n);
}

/** The effects of an order with the ledger transactions that each must have: one where it moves money, else none. */
export function bookingsOf({ changes }: Order): string[] {
  return changes.map(({ effect, heldMinor }, index) => {
    const movesMoney = heldMinor !== (changes[index - 1]?.heldMinor ?? 0n);
    return `${effect} (${movesMoney ? 1 : 0} booked)`;
  });
}

/** Whether a change repeats, word for word, an earlier but one of its order: no repeat, though its bytes are known. */
export function returnsToEarlierWords({ changes }: Order, index: number): boolean {
  const now = changes[index];
  return changes.slice(0, index).some((change) => change.status === now?.status && change.payout === now.payout);
}

/** One copy of a change as a network may write it: query, form or JSON, its parameters in any order. */
export function requestOf(order: Order, change: Change, address: string, random: Random): Request {
  const parameters = random.shuffled(
    Object.entries({
      sub1: order.member,
      transaction_id: order.id,
      payout: change.payout,
      currency: "EUR",
      status: change.status,
    }),
  );
  const form = new URLSearchParams(parameters);
  switch (random.int(3)) {
    case 0:
      return new Request(`${address}?${form}`);
    case 1:
      return new Request(address, { method: "POST", body: form });
    default:
      return new Request(address, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(Object.fromEntries(parameters)),
      });
  }
}
