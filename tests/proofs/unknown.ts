import type { FaultPlan } from "@/simulator/paypal/faults";
import type { PayPal } from "@/simulator/paypal/start-paypal";
import type { Figure, ProofOptions } from "./figure";
import { type Batch, openPayer, type Payer } from "./paying-organization";
import { approvedPayouts, judgePayouts, judgeSums, wrongAmounts } from "./payout-judge";
import { railEnvironment, startProofPayPal } from "./proof-paypal";
import { type ProofPostgres, startProofPostgres } from "./proof-postgres";
import { createRandom, type Random } from "./random";
import { settlePayouts } from "./settle-payouts";
import { startCrew } from "./worker-crew";

const UNKNOWNS_MIN = 500;
const SETTLE_MS_MAX = 90_000;
/** Every submission is lost about five times before its fate is known. */
const SIZE: Size = { modes: ["replay", "ignored"], organizations: 18, affiliates: 4, batches: 3, processes: 2 };
const SMOKE: Size = { modes: ["ignored"], organizations: 2, affiliates: 2, batches: 4, processes: 1 };
/** Instead of half a minute, so that hundreds of silent answers fit into a minute. */
const PATIENCE_MS = 300;

type Mode = "replay" | "ignored";
type Size = { modes: readonly Mode[]; organizations: number; affiliates: number; batches: number; processes: number };

type Run = {
  readonly hits: Map<string, number>;
  readonly wrong: string[];
  /** Payouts whose submission met the faults, and those of them that ended paid, here as in the rail's books. */
  payouts: number;
  right: number;
  changed: number;
};

/** Each kind once, whatever chance brings. */
const ONCE: FaultPlan["queue"] = [
  { kind: "timeout-before", hang: "hold" },
  { kind: "timeout-before", hang: "destroy" },
  { kind: "500-before" },
  { kind: "timeout-after", hang: "hold" },
  { kind: "500-after" },
  { kind: "malformed" },
  { kind: "malformed", on: "lookup" },
  { kind: "unknown-status" },
];

/** Then by chance. Of two shares of one kind the larger counts where the smaller does not. */
const SHARES: FaultPlan["shares"] = [
  { kind: "timeout-before", hang: "hold", share: 0.1 },
  { kind: "timeout-before", hang: "destroy", share: 0.45 },
  { kind: "500-before", share: 0.45 },
  { kind: "timeout-after", hang: "hold", share: 0.15 },
  { kind: "timeout-after", hang: "destroy", share: 0.5 },
  { kind: "500-after", share: 0.4 },
  { kind: "malformed", share: 0.5 },
  { kind: "malformed", on: "lookup", share: 0.15 },
  { kind: "unknown-status", share: 0.15 },
];

const LOST_ANSWERS = ["timeout-before", "timeout-after", "500-before", "500-after", "malformed"];

/** Whether submissions of unknown outcome end as the rail's books say, and whether any was sent under another key or with another body. */
export async function prove({ smoke, seed, trials: wanted }: ProofOptions): Promise<Figure> {
  const size = smoke ? SMOKE : SIZE;
  const batches = wanted === null ? size.batches : Math.max(1, Math.ceil(wanted / 180));
  const run: Run = { hits: new Map(), wrong: [], payouts: 0, right: 0, changed: 0 };
  let version = "";
  for (const [pass, mode] of size.modes.entries()) {
    const postgres = await startProofPostgres();
    version = postgres.version;
    const faults = { queue: ONCE, ...(!smoke && { shares: SHARES }), seed: seed + pass };
    const paypal = await startProofPayPal({ seed, requestIds: mode, faults });
    try {
      await payThroughFaults({ postgres, paypal, size: { ...size, batches }, random: createRandom(seed + pass), run });
      count(
        run,
        `submissions to a rail with request ids ${mode === "replay" ? "replayed" : "ignored"}`,
        requests(paypal),
      );
    } finally {
      await paypal.close();
      await postgres.close();
    }
  }
  const trials = LOST_ANSWERS.reduce((sum, kind) => sum + (run.hits.get(`answers lost: ${kind}`) ?? 0), 0);
  const percent = run.right === run.payouts ? "100" : ((100 * run.right) / run.payouts).toFixed(2);
  return {
    figure: "unknown",
    value: `${percent} %; ${run.changed}`,
    target: "100 %; 0 of 500",
    met: run.right === run.payouts && run.changed === 0 && run.wrong.length === 0 && (smoke || trials >= UNKNOWNS_MIN),
    trials,
    hits: Object.fromEntries(run.hits),
    postgres: version,
    notes: [
      ...run.wrong.slice(0, 10),
      "Trials are answers to submissions that were lost, by the rail's own count.",
      "The rail is the simulator's PayPal: our reading of PayPal's documents.",
    ],
  };
}

type Ground = { postgres: ProofPostgres; paypal: PayPal; size: Size; random: Random; run: Run };

async function payThroughFaults({ postgres, paypal, size, random, run }: Ground): Promise<void> {
  const payer = await openPayer(postgres.url, size);
  const env = { ...railEnvironment(paypal), PROOF_PATIENCE_MS: String(PATIENCE_MS) };
  const crew = await startCrew({ postgres, processes: size.processes, deaths: [], env });
  try {
    await approveAll(payer, size, random);
    const moving = await settlePayouts(postgres, SETTLE_MS_MAX);
    if (moving > 0) run.wrong.push(`${moving} payouts were still moving after ${SETTLE_MS_MAX} ms`);
    await crew.dismiss();
    await judge(postgres, paypal, payer.batches, run);
  } finally {
    await crew.dismiss();
    await payer.close();
  }
}

async function approveAll(payer: Payer, size: Size, random: Random): Promise<void> {
  for (let n = 0; n < size.batches; n++) {
    const approved = payer.organizations.map((one) => payer.approve(one, () => 1_000n + random.amount(999_999n)));
    await payer.tellApproved(await Promise.all(approved));
  }
}

async function judge(postgres: ProofPostgres, paypal: PayPal, batches: readonly Batch[], run: Run): Promise<void> {
  const payouts = await approvedPayouts(postgres);
  const { paidTwice, changedBodies, disagreements } = judgePayouts(paypal, payouts);
  const amounts = wrongAmounts(paypal, payouts, batches);
  const wronged = new Set([...paidTwice, ...disagreements, ...amounts].map((text) => text.split(" ")[0]));
  run.payouts += batches.reduce((sum, { earned }) => sum + earned.length, 0);
  run.right += payouts.filter(({ id, state }) => state === "paid" && !wronged.has(id)).length;
  // Every batch here is one submission: what came under more keys than batches came under a changed one.
  const keys = Object.keys(paypal.books().batches).length;
  run.changed += changedBodies.length + Math.max(0, keys - batches.length);
  run.wrong.push(...paidTwice, ...changedBodies, ...disagreements, ...amounts);
  run.wrong.push(...judgeSums(paypal, payouts, batches));
  if (keys !== batches.length) run.wrong.push(`${batches.length} batches were sent under ${keys} keys`);
  const { faults } = paypal.books();
  for (const kind of LOST_ANSWERS) count(run, `answers lost: ${kind}`, faults[`${kind}@submit`] ?? 0);
  count(run, "look-ups cut in the middle", faults["malformed@lookup"] ?? 0);
  count(run, "look-ups with an unheard status", faults["unknown-status@lookup"] ?? 0);
  count(run, "payouts that were once unknown", await onceUnknown(postgres));
}

async function onceUnknown(postgres: ProofPostgres): Promise<number> {
  const [row] = await postgres.ask<{ payouts: number }>(
    "select count(distinct payout_id)::int as payouts from payout_events where to_state = 'unknown' and applied",
  );
  return row?.payouts ?? 0;
}

function requests(paypal: PayPal): number {
  return Object.values(paypal.books().batches).reduce((sum, key) => sum + key.requests, 0);
}

function count({ hits }: Run, name: string, more: number): void {
  hits.set(name, (hits.get(name) ?? 0) + more);
}
