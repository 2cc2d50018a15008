import { setTimeout as pause } from "node:timers/promises";
import { verifyLedger } from "@/server/ledger";
import type { PayPal } from "@/simulator/paypal/start-paypal";
import { BOUNDARIES, type Boundary, type Death } from "./boundaries";
import type { Figure, ProofOptions } from "./figure";
import { type Batch, openPayer, type Payer } from "./paying-organization";
import { approvedPayouts, judgePayouts, judgeSums, wrongAmounts } from "./payout-judge";
import { railEnvironment, startProofPayPal } from "./proof-paypal";
import { type ProofPostgres, startProofPostgres } from "./proof-postgres";
import { createRandom, type Random } from "./random";
import { hurry, movingPayouts, settlePayouts, submissionsEnded } from "./settle-payouts";
import { until } from "./until";
import { type Crew, startCrew } from "./worker-crew";

const PAYOUTS_MIN = 2_000;
/** Batches that wait for a process when the first one dies; every death after that brings one more. */
const BATCHES_AT_START = 6;
const IDLE_MS = 1_000;
const STEP_MS = 250;
const FEED_MS_MAX = 120_000;
const SETTLE_MS_MAX = 60_000;
/** After so many deaths living processes lose their leases too. */
const DEATHS_PER_LOST_LEASES = 6;

type Mode = "replay" | "ignored";
type Size = {
  modes: readonly Mode[];
  batches: number;
  affiliates: number;
  processes: number;
  boundaries: readonly Boundary[];
};

const SIZE: Size = { modes: ["replay", "ignored"], batches: 24, affiliates: 45, processes: 3, boundaries: BOUNDARIES };
const SMOKE: Size = {
  modes: ["ignored"],
  batches: 5,
  affiliates: 4,
  processes: 2,
  boundaries: ["request, after its answer", "result, after its commit"],
};

type Ground = {
  readonly postgres: ProofPostgres;
  readonly paypal: PayPal;
  readonly payer: Payer;
  readonly crew: Crew;
  readonly random: Random;
  readonly size: Size;
  readonly mode: Mode;
  readonly run: Run;
};

type Run = { readonly hits: Map<string, number>; readonly wrong: string[]; payouts: number; paidTwice: number };

/** Payouts that the rail's books show paid more than once, while the processes that send them are killed at every boundary. */
export async function prove({ smoke, seed, trials: wanted }: ProofOptions): Promise<Figure> {
  const size = sizeOf(smoke, wanted);
  const run: Run = { hits: new Map(classesOf(size).map((name) => [name, 0])), wrong: [], payouts: 0, paidTwice: 0 };
  let version = "";
  for (const [pass, mode] of size.modes.entries()) {
    const postgres = await startProofPostgres();
    version = postgres.version;
    const paypal = await startProofPayPal({ latencyMs: 10, seed, requestIds: mode });
    try {
      await payWhileDying({ postgres, paypal, random: createRandom(seed + pass), size, run, mode });
    } finally {
      await paypal.close();
      await postgres.close();
    }
  }
  return {
    figure: "double-pay",
    value: String(run.paidTwice),
    target: "0 of ≥ 2,000",
    met: run.paidTwice === 0 && run.wrong.length === 0 && (smoke || run.payouts >= PAYOUTS_MIN),
    trials: run.payouts,
    hits: Object.fromEntries(run.hits),
    postgres: version,
    notes: [
      ...run.wrong.slice(0, 10),
      "The rail is the simulator's PayPal: our reading of PayPal's documents. A restored backup is not part of this figure yet.",
    ],
  };
}

function sizeOf(smoke: boolean, wanted: number | null): Size {
  if (smoke) return SMOKE;
  return wanted === null ? SIZE : { ...SIZE, batches: Math.max(1, Math.ceil(wanted / 2 / SIZE.affiliates)) };
}

function classesOf({ boundaries, modes }: Size): string[] {
  return [
    ...boundaries.map((boundary) => `killed: ${boundary}`),
    "leases taken from living processes",
    "processes that sent requests",
    "requests repeated under their key",
    "batches run again after they were finished",
    ...modes.map(modeClass),
  ];
}

async function payWhileDying(
  place: Pick<Ground, "postgres" | "paypal" | "random" | "size" | "run" | "mode">,
): Promise<void> {
  const { postgres, paypal, random, size, run } = place;
  const payer = await openPayer(postgres.url, { organizations: 1, affiliates: size.affiliates });
  const deaths = size.boundaries.map((boundary): Death => ({ boundary, nth: 1 + random.int(2) }));
  const crew = await startCrew({ postgres, processes: size.processes, deaths, env: railEnvironment(paypal) });
  const ground: Ground = { ...place, payer, crew };
  try {
    const batches = await feed(ground, deaths.length);
    const moving = await settlePayouts(postgres, SETTLE_MS_MAX);
    if (moving > 0) run.wrong.push(`${moving} payouts were still moving after ${SETTLE_MS_MAX} ms`);
    await runAgain(ground, batches);
    countTraces(ground);
    await crew.dismiss();
    await judge(ground);
  } finally {
    await crew.dismiss();
    await payer.close();
  }
}

/** Approves batch after batch while processes die, so that there is always one for the next boundary. */
async function feed(ground: Ground, deaths: number): Promise<Batch[]> {
  const { postgres, payer, crew, size, random, run } = ground;
  const [organization] = payer.organizations;
  if (!organization) throw new Error("a payer has an organization");
  const batches: Batch[] = [];
  let fedMs = performance.now();
  let leasesTaken = 0;
  const endMs = fedMs + FEED_MS_MAX;
  while (performance.now() < endMs) {
    const isIdle = performance.now() - fedMs > IDLE_MS;
    const isWanted = isIdle || batches.length < BATCHES_AT_START + crew.deaths();
    // A death that has not landed when all is paid needs more work to land on.
    const most = crew.deaths() < deaths ? 2 * size.batches : size.batches;
    if (isWanted && batches.length < most) {
      const batch = await payer.approve(organization, () => 1_000n + random.amount(9_999_999n));
      await payer.tellApproved([batch]);
      batches.push(batch);
      fedMs = performance.now();
    }
    if (leasesTaken <= crew.deaths() / DEATHS_PER_LOST_LEASES) {
      const taken = await crew.takeLeases();
      if (taken > 0) leasesTaken += 1;
      count(run, "leases taken from living processes", taken);
    }
    await hurry(postgres);
    if (batches.length >= size.batches && crew.deaths() === deaths) return batches;
    if (batches.length >= most && (await movingPayouts(postgres)) === 0) return batches;
    await pause(STEP_MS);
  }
  run.wrong.push(`${crew.deaths()} of ${deaths} deaths landed within ${FEED_MS_MAX} ms, and payouts are still moving`);
  return batches;
}

/** Every batch is approved once more, several times over, as a lost answer or a confused operator might: nothing may be sent. */
async function runAgain({ postgres, paypal, payer, run }: Ground, batches: readonly Batch[]): Promise<void> {
  const before = requestsByKey(paypal);
  await Promise.all([payer.tellApproved(batches), payer.tellApproved(batches), payer.tellApproved(batches)]);
  await until("the end of every rerun", () => submissionsEnded(postgres));
  count(run, "batches run again after they were finished", batches.length);
  for (const [key, requests] of Object.entries(requestsByKey(paypal))) {
    if (before[key] !== requests) run.wrong.push(`${key} was sent again after its batch was finished`);
  }
}

function requestsByKey(paypal: PayPal): Record<string, number> {
  return Object.fromEntries(Object.entries(paypal.books().batches).map(([key, { requests }]) => [key, requests]));
}

function countTraces({ crew, paypal, run }: Ground): void {
  const traces = crew.traces();
  for (const line of traces) if (line.kind === "died") count(run, `killed: ${line.boundary}`);
  const senders = new Set(traces.flatMap((line) => (line.kind === "sent" ? [line.pid] : [])));
  count(run, "processes that sent requests", senders.size);
  const repeated = Object.values(requestsByKey(paypal)).reduce((sum, requests) => sum + requests - 1, 0);
  count(run, "requests repeated under their key", repeated);
}

async function judge({ postgres, paypal, payer, run, mode }: Ground): Promise<void> {
  const payouts = await approvedPayouts(postgres);
  const { paidTwice, changedBodies, disagreements } = judgePayouts(paypal, payouts);
  const broken = await Promise.all(
    payer.organizations.map(({ orgId }) => payer.database.inOrganization(orgId, verifyLedger)),
  );
  const approved = payer.batches.reduce((sum, { earned }) => sum + earned.length, 0);
  run.payouts += approved;
  run.paidTwice += paidTwice.length;
  count(run, modeClass(mode), approved);
  run.wrong.push(...paidTwice, ...changedBodies, ...disagreements);
  run.wrong.push(...broken.flat().map(({ rule, where }) => `${where}: ${rule}`));
  // Payouts have keys of their own; what was earned once must not leave under two of them either.
  run.wrong.push(...judgeSums(paypal, payouts, payer.batches), ...wrongAmounts(paypal, payouts, payer.batches));
}

function modeClass(mode: Mode): string {
  return `payouts at a rail with request ids ${mode === "replay" ? "replayed" : "ignored"}`;
}

function count({ hits }: Run, name: string, more = 1): void {
  hits.set(name, (hits.get(name) ?? 0) + more);
}
