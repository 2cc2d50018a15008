import { openDatabase } from "@/server/db";
import { verifyLedger } from "@/server/ledger";
import { setUpOrganization } from "@/tests/support/organization";
import type { Figure, ProofOptions } from "./figure";
import { bookingsOf, drawOrders, heldAtTheEnd, type Order, requestOf, returnsToEarlierWords } from "./orders";
import { startPostbackFront } from "./postback-front";
import { type ProofPostgres, startProofPostgres } from "./proof-postgres";
import { createRandom, type Random } from "./random";
import { until } from "./until";
import { startWorker } from "./worker-process";

const CHANGES = 100;
const CHANGES_SMOKE = 20;
const COPIES = 20;
const SENDERS = 50;
const AFFILIATES = 5;

type Sent = { readonly hits: Map<string, number>; readonly wrongAnswers: string[] };

/** Commission movements per distinct change, when every change is reported many times at once through HTTP. */
export async function prove({ smoke, seed, trials: wanted }: ProofOptions): Promise<Figure> {
  const changes = wanted ?? (smoke ? CHANGES_SMOKE : CHANGES);
  const random = createRandom(seed);
  const postgres = await startProofPostgres();
  const setUp = await openDatabase({ url: postgres.url });
  const org = await setUpOrganization(setUp, new Date(), { affiliates: AFFILIATES });
  await setUp.close();
  const worker = await startWorker({ databaseUrl: postgres.url });
  const front = await startPostbackFront(postgres.url);
  try {
    const members = org.affiliates.map((_, index) => `member-${index + 1}`);
    const orders = drawOrders(random, changes, members);
    const address = `${front.url}/api/postbacks/${org.source.token}`;
    const sent: Sent = { hits: new Map(CLASSES.map((name) => [name, 0])), wrongAnswers: [] };
    await sendAll(orders, address, random, sent);
    await processed(postgres);
    await sendAgain(orders, address, random, sent);
    await processed(postgres);
    const broken = await front.database.inOrganization(org.orgId, verifyLedger);
    return await judge(postgres, orders, sent, { smoke, broken: broken.map(({ rule, where }) => `${where}: ${rule}`) });
  } finally {
    await front.close();
    await worker.stop();
    await postgres.close();
  }
}

const CLASSES = [
  "copies answered accepted",
  "copies answered duplicate",
  "copies in flight beside another of the same change",
  "changes that return to earlier words",
  "repeats sent after everything was processed",
];

/** Sends every copy of every change, up to fifty at a time. Arrival order counts for a source without an ordering key, so an order's
 *  next change leaves only when all copies of the one before it have been answered. */
async function sendAll(orders: readonly Order[], address: string, random: Random, sent: Sent): Promise<void> {
  const ready = orders.map((order) => ({ order, index: 0, left: COPIES, inFlight: 0 }));
  let wake: (() => void)[] = [];
  const send = async (): Promise<void> => {
    for (;;) {
      const open = ready.filter((one) => one.index < one.order.changes.length);
      if (open.length === 0) return;
      const sendable = open.filter((one) => one.left > 0);
      if (sendable.length === 0) {
        await new Promise<void>((resolve) => wake.push(resolve));
        continue;
      }
      // The first few orders get all senders at once: copies of one change must really meet.
      const one = random.pick(sendable.slice(0, 4));
      one.left -= 1;
      one.inFlight += 1;
      if (one.inFlight > 1) count(sent, "copies in flight beside another of the same change");
      await sendCopy(one.order, one.index, address, random, sent);
      one.inFlight -= 1;
      if (one.left > 0 || one.inFlight > 0) continue;
      if (returnsToEarlierWords(one.order, one.index)) count(sent, "changes that return to earlier words");
      one.index += 1;
      one.left = COPIES;
      for (const resume of wake) resume();
      wake = [];
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, send));
}

/** The last word of every order once more, long after it was understood. */
async function sendAgain(orders: readonly Order[], address: string, random: Random, sent: Sent): Promise<void> {
  for (const order of orders) {
    const result = await sendCopy(order, order.changes.length - 1, address, random, sent);
    if (result === "duplicate") count(sent, "repeats sent after everything was processed");
    else sent.wrongAnswers.push(`the last word of ${order.id}, sent again, was answered ${result}`);
  }
}

async function sendCopy(order: Order, index: number, address: string, random: Random, sent: Sent): Promise<string> {
  const change = order.changes[index];
  if (!change) throw new Error(`${order.id} has no change ${index}`);
  const response = await fetch(requestOf(order, change, address, random));
  const { result } = (await response.json()) as { result: string };
  if (result === "accepted" || result === "duplicate") count(sent, `copies answered ${result}`);
  else sent.wrongAnswers.push(`change ${index} of ${order.id} was answered ${response.status} ${result}`);
  return result;
}

function processed(postgres: ProofPostgres): Promise<true> {
  return until("the processing of all deliveries", async () => {
    const waiting = await postgres.ask(
      "select 1 from deliveries where result = 'accepted' and processed_at is null limit 1",
    );
    return waiting.length === 0 ? true : undefined;
  });
}

async function judge(
  postgres: ProofPostgres,
  orders: readonly Order[],
  { hits, wrongAnswers }: Sent,
  { smoke, broken }: { smoke: boolean; broken: readonly string[] },
): Promise<Figure> {
  const changes = orders.reduce((sum, order) => sum + order.changes.length, 0);
  const accepted = hits.get("copies answered accepted") ?? 0;
  const { effects, wrongLives } = await judgeLives(postgres, orders);
  const wrong = [
    ...wrongAnswers,
    ...(accepted === changes ? [] : [`${changes} distinct changes were sent; ${accepted} copies were accepted`]),
    ...wrongLives,
    ...(await judgeAccounts(postgres, orders)),
    ...broken,
  ];
  const isExact = effects === changes && wrong.length === 0;
  return {
    figure: "dup",
    value: (effects / changes).toFixed(3),
    target: "exactly 1.000",
    met: isExact && (smoke || changes >= CHANGES),
    trials: changes * COPIES,
    hits: Object.fromEntries(hits),
    postgres: postgres.version,
    notes: wrong.slice(0, 10),
  };
}

/** The movements of every order, and how often each was booked, against its life. */
async function judgeLives(postgres: ProofPostgres, orders: readonly Order[]) {
  const rows = await postgres.ask<{ external_id: string; kind: string; booked: number }>(
    `select c.external_id, e.kind, (select count(*)::int from ledger_transactions t where t.cause_id = e.id) as booked
     from commission_effects e join commissions m on m.id = e.commission_id join conversions c on c.id = m.conversion_id
     order by c.external_id, e.version`,
  );
  const found = new Map<string, string[]>();
  for (const { external_id, kind, booked } of rows)
    found.set(external_id, [...(found.get(external_id) ?? []), `${kind} (${booked} booked)`]);
  const wrongLives = orders.flatMap((order) => {
    const expected = bookingsOf(order).join(", ");
    const moved = (found.get(order.id) ?? []).join(", ");
    return moved === expected ? [] : [`${order.id} must move ${expected}; it moved ${moved || "nothing"}`];
  });
  return { effects: rows.length, wrongLives };
}

/** What the ledger holds for every affiliate, against the lives. Holds last longer than the trial: nothing is released. */
async function judgeAccounts(postgres: ProofPostgres, orders: readonly Order[]): Promise<string[]> {
  const rows = await postgres.ask<{ member: string; minor: string }>(
    `select f.external_id as member, coalesce(-sum(a.balance_minor), 0)::text as minor
     from affiliates f left join ledger_accounts a on a.owner_id = f.id and a.kind = 'affiliate_held' and a.currency = 'EUR'
     group by f.external_id order by f.external_id`,
  );
  return rows.flatMap(({ member, minor }) => {
    const expected = heldAtTheEnd(orders, member);
    return BigInt(minor) === expected ? [] : [`${expected} minor units must be held for ${member}; ${minor} are`];
  });
}

function count({ hits }: Sent, name: string): void {
  hits.set(name, (hits.get(name) ?? 0) + 1);
}
