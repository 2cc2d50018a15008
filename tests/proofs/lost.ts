import { setTimeout as pause } from "node:timers/promises";
import type { FaultPlan } from "@/simulator/paypal/faults";
import type { PayPal } from "@/simulator/paypal/start-paypal";
import type { Death } from "./boundaries";
import type { Figure, ProofOptions } from "./figure";
import { type Batch, openPayer, type Payer } from "./paying-organization";
import { approvedPayouts, judgePayouts } from "./payout-judge";
import { payPoisonedBatches } from "./poison";
import { railEnvironment, startProofPayPal } from "./proof-paypal";
import { type ProofPostgres, startProofPostgres } from "./proof-postgres";
import { createRandom, type Random } from "./random";
import { hurry } from "./settle-payouts";
import { startCrew } from "./worker-crew";

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

const SETTLE_MS_MAX = 60_000;
const STEP_MS = 200;
const PATIENCE_MS = 300;

/** Addresses by which the simulated rail knows an affiliate's fate; all others are paid. */
const FATES = ["fail", "blocked", "unclaimed", "claimed", "returned", "onhold", "reversed", "refunded", "latefail"];

const QUEUE: FaultPlan["queue"] = [
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
type Ground = { postgres: ProofPostgres; paypal: PayPal; payer: Payer; size: Size; random: Random; run: Run };

/** Approved payouts that end nowhere, after everything that can go wrong did; and what a poison item costs its neighbours. */
export async function prove({ smoke, seed, trials: wanted }: ProofOptions): Promise<Figure> {
  const size = smoke ? SMOKE : { ...SIZE, ...(wanted !== null && { batches: Math.ceil(wanted / SIZE.affiliates) }) };
  const run: Run = { hits: new Map(), wrong: [] };
  const [dust, poisoned] = await Promise.all([
    payThroughEverything(size, seed, run),
    payPoisonedBatches(size.poisoned, seed),
  ]);
  for (const { poison, siblingsPaid, wrong } of poisoned) {
    count(run, `batches with an item ${poison}`, 1);
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

type Dust = { approved: number; lost: string[]; version: string };

async function payThroughEverything(size: Size, seed: number, run: Run): Promise<Dust> {
  const postgres = await startProofPostgres();
  const paypal = await startProofPayPal({ seed, requestIds: "ignored", faults: { queue: QUEUE } });
  const payer = await openPayer(postgres.url, { organizations: 1, affiliates: size.affiliates });
  const env = { ...railEnvironment(paypal), PROOF_PATIENCE_MS: String(PATIENCE_MS) };
  const crew = await startCrew({ postgres, processes: size.processes, deaths: size.deaths, env });
  const ground: Ground = { postgres, paypal, payer, size, random: createRandom(seed), run };
  try {
    await giveFates(ground);
    const silent = await approveAll(ground);
    const stale = await settle(ground, silent);
    for (const line of crew.traces()) if (line.kind === "died") count(run, `killed: ${line.boundary}`, 1);
    count(run, "unknown outcomes that no repeat may resolve", stale.size);
    await crew.dismiss();
    return { ...(await judge(ground, stale)), version: postgres.version };
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
    const batch = await payer.approve(organization, () => 1_000n + random.amount(999_999n));
    if (n < size.silent) silent.push(batch);
    else await payer.tellApproved([batch]);
  }
  count(run, "batches whose event was lost", silent.length);
  return silent;
}

/** Lets time pass until nothing moves any more but what waits for a person. Returns the attempts whose repeat window has passed. */
async function settle(ground: Ground, silent: readonly Batch[]): Promise<Set<string>> {
  const { postgres, paypal, payer } = ground;
  const endMs = performance.now() + SETTLE_MS_MAX;
  let stale = new Set<string>();
  await ageSilent(postgres, silent);
  while (performance.now() < endMs) {
    stale = await ageUnknown(postgres);
    paypal.settle(true);
    // Until one unknown is too old to be repeated, the others get no hurry: they would all be known before.
    if (stale.size > 0) await hurry(postgres, payer);
    const moving = (await approvedPayouts(postgres)).filter(
      ({ state, attempt_id }) => !TERMINAL.includes(state) && !stale.has(attempt_id ?? ""),
    );
    if (moving.length === 0 && stale.size > 0) return stale;
    if (moving.length === 0) await loseOneMore(ground);
    await pause(STEP_MS);
  }
  return stale;
}

/** Another batch, whose answer is lost for some seconds. */
async function loseOneMore({ paypal, payer }: Ground): Promise<void> {
  const [organization] = payer.organizations;
  if (!organization) throw new Error("a payer has an organization");
  paypal.faults.set({ queue: [{ kind: "500-before", times: 2 }] });
  await payer.tellApproved([await payer.approve(organization, () => 1_000n)]);
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
  await postgres.ask("update engine_crons set next_at = now() where function_id like '%sweep-payouts'");
}

/** Thirty-one days pass for one attempt of unknown outcome: a repeat is not safe any more, and only a person can find out. An attempt
 *  that was being repeated at that moment may become known all the same; then they pass for another. */
async function ageUnknown(postgres: ProofPostgres): Promise<Set<string>> {
  await postgres.ask(
    `update attempts set first_sent_at = now() - interval '31 days'
     where id = (select id from attempts where state = 'unknown' order by id limit 1) and state = 'unknown'
       and not exists (select from attempts where state = 'unknown' and ${AGED})`,
  );
  const aged = await postgres.ask<{ id: string }>(`select id from attempts where state = 'unknown' and ${AGED}`);
  return new Set(aged.map(({ id }) => id));
}

const AGED = "first_sent_at < now() - interval '30 days'";

async function judge({ postgres, paypal, run }: Ground, stale: ReadonlySet<string>) {
  const payouts = await approvedPayouts(postgres);
  const tasks = await postgres.ask<{ subject_id: string }>(
    "select subject_id from tasks where closed_at is null and kind = 'payout_unknown'",
  );
  const asked = new Set(tasks.map((task) => task.subject_id));
  const lost = payouts.flatMap(({ id, state, attempt_id }) => {
    const isAsked = state === "unknown" && (asked.has(id) || asked.has(attempt_id ?? ""));
    return TERMINAL.includes(state) || isAsked ? [] : [`${id} ended ${state}`];
  });
  const known = payouts.filter(({ attempt_id }) => !stale.has(attempt_id ?? ""));
  const { paidTwice } = judgePayouts(paypal, known);
  const { items, faults } = paypal.books();
  const denied = known.filter(({ id, state }) => state !== "paid" && (items[id]?.paid ?? 0) > (items[id]?.back ?? 0));
  const invented = known.filter(({ id, state }) => state === "paid" && (items[id]?.paid ?? 0) === 0);
  run.wrong.push(
    ...paidTwice,
    ...denied.map(({ id, state }) => `${id} is ${state} here; the rail paid it`),
    ...invented.map(({ id }) => `${id} is paid here; the rail never paid it`),
  );
  for (const { kind, on } of QUEUE ?? []) {
    const name = `${kind}@${on ?? (["unknown-status", "partial-page"].includes(kind) ? "lookup" : "submit")}`;
    run.hits.set(`fault: ${name}`, faults[name] ?? 0);
  }
  for (const { state } of payouts) count(run, `ended ${state}`, 1);
  return { approved: payouts.length, lost };
}

function count({ hits }: Run, name: string, more: number): void {
  hits.set(name, (hits.get(name) ?? 0) + more);
}
