import { setTimeout as pause } from "node:timers/promises";
import type { FaultPlan } from "@/simulator/paypal/faults";
import type { PayPal } from "@/simulator/paypal/start-paypal";
import { type AgedAttempt, ageUnknown, isLookedAt, judgeAged } from "./aged-attempt";
import type { Death } from "./boundaries";
import type { Figure, ProofOptions } from "./figure";
import { passDay } from "./pass-day";
import { type Batch, openPayer, type Payer } from "./paying-organization";
import { approvedPayouts, judgePayouts, judgeSums, type PayoutRow } from "./payout-judge";
import { POISONS, payPoisonedBatches } from "./poison";
import { railEnvironment, startProofPayPal } from "./proof-paypal";
import { type ProofPostgres, startProofPostgres } from "./proof-postgres";
import { createRandom, type Random } from "./random";
import { bringSweep, hurry } from "./settle-payouts";
import { type Crew, startCrew } from "./worker-crew";

type Size = {
  batches: number;
  affiliates: number;
  silent: number;
  poisoned: number;
  processes: number;
  deaths: readonly Death[];
};

const SIZE: Size = {
  batches: 16,
  affiliates: 40,
  silent: 3,
  poisoned: 500,
  processes: 2,
  deaths: [
    { boundary: "claim, after its commit", nth: 1 },
    { boundary: "request, after its answer", nth: 2 },
    { boundary: "result, before its commit", nth: 3 },
    { boundary: "settlement, before its commit", nth: 2 },
  ],
};
const SMOKE: Size = {
  batches: 4,
  affiliates: 12,
  silent: 1,
  poisoned: 20,
  processes: 1,
  deaths: [{ boundary: "request, after its answer", nth: 1 }],
};

const SETTLE_MS_MAX = 120_000;
const STEP_MS = 200;
const PATIENCE_MS = 300;

/** Addresses by which the simulated rail knows an affiliate's fate; all others are paid. */
const FATES = ["fail", "blocked", "unclaimed", "claimed", "returned", "onhold", "reversed", "refunded", "latefail"];

/** How payouts must end for that, some in each way. */
const ENDS = ["paid", "failed", "returned", "unknown"];

const QUEUE: NonNullable<FaultPlan["queue"]> = [
  { kind: "timeout-before", hang: "hold" },
  { kind: "429", retryAfterSec: 0 },
  { kind: "denied" },
  { kind: "insufficient-funds" },
  { kind: "timeout-after", hang: "destroy" },
  { kind: "500-before" },
  { kind: "malformed" },
  { kind: "500-before", on: "lookup" },
  { kind: "malformed", on: "lookup" },
  { kind: "unknown-status" },
  { kind: "partial-page" },
];

type Run = { readonly hits: Map<string, number>; readonly wrong: string[] };
type Ground = {
  readonly postgres: ProofPostgres;
  readonly paypal: PayPal;
  readonly payer: Payer;
  readonly crew: Crew;
  readonly size: Size;
  readonly random: Random;
  readonly run: Run;
};

/** Approved payouts that end nowhere, after everything that can go wrong did; and what a poison item costs its neighbours. */
export async function prove({ smoke, seed, trials: wanted }: ProofOptions): Promise<Figure> {
  const size = smoke ? SMOKE : { ...SIZE, ...(wanted !== null && { batches: Math.ceil(wanted / SIZE.affiliates) }) };
  const run: Run = { hits: new Map(classesOf(size).map((name) => [name, 0])), wrong: [] };
  const [dust, poisoned] = await Promise.all([
    payThroughEverything(size, seed, run),
    payPoisonedBatches(size.poisoned, seed),
  ]);
  for (const { poison, isMet, siblingsPaid, wrong } of poisoned) {
    if (isMet) count(run, `batches with an item ${poison}`, 1);
    if (siblingsPaid !== size.poisoned - 1) run.wrong.push(`${poison}: ${siblingsPaid} of ${size.poisoned} were paid`);
    run.wrong.push(...wrong);
  }
  const fewest = Math.min(...poisoned.map(({ siblingsPaid }) => siblingsPaid));
  return {
    figure: "lost",
    value: `${dust.lost.length}; ${fewest} of ${size.poisoned} paid`,
    target: "0; 499 of 500 paid",
    met: dust.lost.length === 0 && run.wrong.length === 0,
    trials: dust.approved + poisoned.length * size.poisoned,
    hits: Object.fromEntries(run.hits),
    postgres: dust.version,
    notes: [
      ...dust.lost.slice(0, 5).map((text) => `lost: ${text}`),
      ...run.wrong.slice(0, 10),
      `The second part counts the worst of ${poisoned.length} batches, each with another kind of poison.`,
      "The rail is the simulator's PayPal: our reading of PayPal's documents.",
    ],
  };
}

function classesOf({ deaths }: Size): string[] {
  return [
    "batches whose event was lost",
    ...deaths.map(({ boundary }) => `killed: ${boundary}`),
    "unknown outcomes that no repeat may resolve",
    "paid attempts found by the sweep after a day",
    ...QUEUE.map((fault) => `fault: ${hitOf(fault)}`),
    ...ENDS.map((state) => `ended ${state}`),
    ...POISONS.map((poison) => `batches with an item ${poison}`),
  ];
}

/** The name under which the simulator counts the hits of a fault. */
function hitOf({ kind, on }: (typeof QUEUE)[number]): string {
  return `${kind}@${on ?? (["unknown-status", "partial-page"].includes(kind) ? "lookup" : "submit")}`;
}

type Dust = { approved: number; lost: string[]; version: string };

async function payThroughEverything(size: Size, seed: number, run: Run): Promise<Dust> {
  const postgres = await startProofPostgres();
  const paypal = await startProofPayPal({ seed, requestIds: "ignored", faults: { queue: QUEUE } });
  const payer = await openPayer(postgres.url, { organizations: 1, affiliates: size.affiliates });
  const env = { ...railEnvironment(paypal), PROOF_PATIENCE_MS: String(PATIENCE_MS) };
  const crew = await startCrew({ postgres, processes: size.processes, deaths: size.deaths, env });
  const ground: Ground = { postgres, paypal, payer, crew, size, random: createRandom(seed), run };
  try {
    await giveFates(ground);
    const silent = await approveAll(ground);
    const aged = await settle(ground, silent);
    await passDay(postgres).then(
      (looks) => count(run, "paid attempts found by the sweep after a day", looks),
      (error: unknown) => run.wrong.push(String(error)),
    );
    for (const line of crew.traces()) if (line.kind === "died") count(run, `killed: ${line.boundary}`, 1);
    if (aged !== null) count(run, "unknown outcomes that no repeat may resolve", 1);
    const { faults } = paypal.books();
    for (const fault of QUEUE) run.hits.set(`fault: ${hitOf(fault)}`, faults[hitOf(fault)] ?? 0);
    await crew.dismiss();
    const lost = await judge(ground, aged);
    const approved = payer.batches.reduce((sum, { earned }) => sum + earned.length, 0);
    return { approved, lost, version: postgres.version };
  } finally {
    await crew.dismiss();
    await payer.close();
    await paypal.close();
    await postgres.close();
  }
}

/** The first affiliates have a fate each. */
async function giveFates({ payer, size }: Ground): Promise<void> {
  const [organization] = payer.organizations;
  if (!organization) throw new Error("a payer has an organization");
  for (const [index, fate] of FATES.slice(0, size.affiliates - 1).entries()) {
    const address = organization.affiliates[index]?.email ?? "";
    await payer.payTo(organization, index + 1, `${fate}+${address}`);
  }
}

/** Approves every batch. Of some nobody is told, as when the process dies between its commit and the event: returns those. */
async function approveAll({ payer, size, random, run }: Ground): Promise<Batch[]> {
  const [organization] = payer.organizations;
  if (!organization) throw new Error("a payer has an organization");
  const silent: Batch[] = [];
  for (let n = 0; n < size.batches; n++) {
    const batch = await payer.approve(organization, () => drawAmount(random));
    if (n < size.silent) silent.push(batch);
    else await payer.tellApproved([batch]);
  }
  count(run, "batches whose event was lost", silent.length);
  return silent;
}

/** Lets time pass until nothing moves any more but what waits for a person, every planned death has landed and every fault was met.
 *  Returns the attempt whose repeat window has passed. */
async function settle(ground: Ground, silent: readonly Batch[]): Promise<AgedAttempt | null> {
  const { postgres, paypal, crew, size, run } = ground;
  const endMs = performance.now() + SETTLE_MS_MAX;
  let aged: AgedAttempt | null = null;
  await ageSilent(postgres, silent);
  while (performance.now() < endMs) {
    aged ??= await ageUnknown(postgres, paypal);
    paypal.settle(true);
    // Until one unknown is too old to be repeated, the others get no hurry: they would all be known before.
    if (aged !== null) await hurry(postgres);
    const moving = (await approvedPayouts(postgres)).filter(
      ({ state, attempt_id }) => !TERMINAL.includes(state) && attempt_id !== aged?.id,
    );
    const isAllMet = crew.deaths() >= size.deaths.length && paypal.faults.plan().queue.length === 0;
    if (moving.length === 0 && (aged === null || !isAllMet)) await payOneMore(ground, aged === null);
    else if (moving.length === 0 && aged !== null && (await isLookedAt(postgres, aged))) return aged;
    await pause(STEP_MS);
  }
  run.wrong.push(`not everything had come to rest after ${SETTLE_MS_MAX} ms`);
  return aged;
}

/** Another batch for what has not been met yet: a death, a fault, or an unknown outcome that lasts some seconds. */
async function payOneMore({ paypal, payer, random }: Ground, isUnknownWanted: boolean): Promise<void> {
  const [organization] = payer.organizations;
  if (!organization) throw new Error("a payer has an organization");
  if (isUnknownWanted) {
    const { queue } = paypal.faults.plan();
    paypal.faults.set({ queue: [...queue, { kind: "500-before", times: 2 }] });
  }
  await payer.tellApproved([await payer.approve(organization, () => drawAmount(random))]);
}

function drawAmount(random: Random): bigint {
  return 1_000n + random.amount(999_999n);
}

const TERMINAL = ["paid", "failed", "returned", "reversed", "canceled"];

/** Three minutes pass for batches of which nobody was told, and the sweep's minute comes. */
async function ageSilent(postgres: ProofPostgres, silent: readonly Batch[]): Promise<void> {
  const ids = silent.map(({ batchId }) => batchId);
  await postgres.ask("update payout_batches set approved_at = approved_at - interval '3 minutes' where id = any($1)", [
    ids,
  ]);
  await postgres.ask("update payouts set updated_at = updated_at - interval '3 minutes' where batch_id = any($1)", [
    ids,
  ]);
  await bringSweep(postgres);
}

async function judge({ postgres, paypal, payer, run }: Ground, aged: AgedAttempt | null): Promise<string[]> {
  const payouts = await approvedPayouts(postgres);
  const tasks = await postgres.ask<{ subject_id: string }>(
    "select subject_id from tasks where closed_at is null and kind = 'payout_unknown'",
  );
  const asked = new Set(tasks.map((task) => task.subject_id));
  const lost = payouts.flatMap(({ id, state, attempt_id }) => {
    const isAsked = state === "unknown" && (asked.has(id) || asked.has(attempt_id ?? ""));
    return TERMINAL.includes(state) || isAsked ? [] : [`${id} ended ${state}`];
  });
  const known = payouts.filter(({ attempt_id }) => attempt_id !== aged?.id);
  const { paidTwice } = judgePayouts(paypal, known);
  const { items } = paypal.books();
  const denied = known.filter(({ id, state }) => state !== "paid" && (items[id]?.paid ?? 0) > (items[id]?.back ?? 0));
  const invented = known.filter(({ id, state }) => state === "paid" && (items[id]?.paid ?? 0) === 0);
  run.wrong.push(
    ...paidTwice,
    ...denied.map(({ id, state }) => `${id} is ${state} here; the rail paid it`),
    ...invented.map(({ id }) => `${id} is paid here; the rail never paid it`),
    ...judgeSums(paypal, payouts, payer.batches, await owedMinor(postgres, paypal, payouts)),
    ...(aged === null ? [] : await judgeAged(postgres, paypal, aged)),
  );
  for (const { state } of payouts) count(run, `ended ${state}`, 1);
  return lost;
}

/** What the affiliates are still owed: what came back to their accounts, and what is unknown here and not kept there. */
async function owedMinor(postgres: ProofPostgres, paypal: PayPal, payouts: readonly PayoutRow[]): Promise<bigint> {
  const [payable] = await postgres.ask<{ minor: string }>(
    "select coalesce(-sum(balance_minor), 0)::text as minor from ledger_accounts where kind = 'affiliate_payable'",
  );
  const { items } = paypal.books();
  const unpaid = payouts.filter(
    ({ id, state }) => state === "unknown" && (items[id]?.accepted ?? 0) <= (items[id]?.back ?? 0),
  );
  return unpaid.reduce((sum, { amount_minor }) => sum + BigInt(amount_minor), BigInt(payable?.minor ?? "0"));
}

function count({ hits }: Run, name: string, more: number): void {
  hits.set(name, (hits.get(name) ?? 0) + more);
}
