import { parseArgs } from "node:util";
import { measuredHere, writeFigure } from "@/scripts/figures/write-figure";
import { isOurVariable } from "@/scripts/our-variables.mjs";
import { type Figure, missedClasses, type ProofOptions } from "./figure";

// Proofs need no configuration, and none of the caller's may change what they measure.
for (const name of Object.keys(process.env).filter(isOurVariable)) delete process.env[name];
Object.assign(process.env, { NODE_ENV: "test", LOG_LEVEL: "silent" });

const usage = `npm run prove -- NAME [--smoke] [--seed N] [--trials N]
npm run prove -- --list

Measures one reliability figure, prints it with what its trials met, and ends with 1 on a miss. At full size it is also
written to docs/figures/NAME.json. PROOF_WORKER_LOG=1 shows what the worker processes say.`;

// By itself a signal runs no exit handler, and those remove what a proof leaves on disk.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

// After the environment is set: the process log reads it when it is loaded.
const { proofs } = await import("./registry");
process.exitCode = await main();

async function main(): Promise<number> {
  const { positionals, values } = readArguments();
  if (values.list) {
    console.log(Object.keys(proofs).join("\n"));
    return 0;
  }
  const [name = ""] = positionals;
  const prove = Object.hasOwn(proofs, name) ? proofs[name] : undefined;
  if (!prove) {
    console.error(`${usage}\n\nNAME is one of ${Object.keys(proofs).join(", ")}.`);
    return 2;
  }
  const trials = numberOf(values.trials);
  const options: ProofOptions = { smoke: values.smoke ?? false, seed: numberOf(values.seed) ?? 1, trials };
  const startedMs = performance.now();
  const figure = await prove(options);
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  const missed = missedClasses(figure);
  print(figure, options, seconds, missed);
  const isMet = figure.met && missed.length === 0;
  // Another number of trials is another measurement: the written figure is the one at its own size.
  if (!options.smoke && trials === null) {
    const { postgres, notes, ...rest } = figure;
    writeFigure(measuredHere({ ...rest, met: isMet, notes, seed: options.seed }, { seconds, postgres }));
  }
  return isMet ? 0 : 1;
}

function print(figure: Figure, { seed, smoke }: ProofOptions, seconds: number, missed: readonly string[]): void {
  const value = figure.value.includes(" ") ? JSON.stringify(figure.value) : figure.value;
  console.log(`figure=${figure.figure} value=${value} trials=${figure.trials} seed=${seed}`);
  console.log(`target: ${figure.target}`);
  for (const [name, count] of Object.entries(figure.hits)) console.log(`  ${String(count).padStart(7)}  ${name}`);
  for (const note of figure.notes) console.log(`note: ${note}`);
  for (const name of missed) console.log(`MISS: nothing met "${name}"`);
  if (!figure.met) console.log("MISS: the target is not met");
  console.log(`${seconds} s${smoke ? " at smoke size, which proves nothing but that the proof runs" : ""}`);
}

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      smoke: { type: "boolean" },
      seed: { type: "string" },
      trials: { type: "string" },
      list: { type: "boolean" },
    },
  });
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${JSON.stringify(text)} is not a whole number of at most nine digits`);
  return Number(text);
}
