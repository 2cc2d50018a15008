import { parseArgs } from "node:util";
import { measuredHere, writeFigure } from "@/scripts/figures/write-figure";
import { isOurVariable } from "@/scripts/our-variables.mjs";

// Benchmarks need no configuration, and none of the caller's may change what they measure.
for (const name of Object.keys(process.env).filter(isOurVariable)) delete process.env[name];
process.env.LOG_LEVEL = "warn";

const usage = `npm run bench -- ingest [--smoke] [--seconds N]

Measures one performance figure against its limit and a baseline in the same run, prints it as JSON, and ends with 1 on a miss.
At full size it is also written to docs/figures/NAME.json.
  --smoke      every step at a small size; judges whether everything works, not how fast
  --seconds N  length of one load`;

// After the environment is set: the process log reads it when it is loaded.
const { benchIngest } = await import("./ingest");
process.exitCode = await main();

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    args: process.argv.slice(2),
    allowPositionals: true,
    options: { smoke: { type: "boolean" }, seconds: { type: "string" } },
  });
  const seconds = values.seconds === undefined ? null : Number(values.seconds);
  if (positionals.join(" ") !== "ingest" || (seconds !== null && !(seconds >= 1 && seconds <= 60))) {
    console.error(usage);
    return 2;
  }
  const startedMs = performance.now();
  const smoke = values.smoke ?? false;
  const figure = await benchIngest({ smoke, seconds, say: (line) => console.error(line) });
  const record = measuredHere(figure, { seconds: Math.round((performance.now() - startedMs) / 1000) });
  console.log(JSON.stringify(record, null, 2));
  // Loads of another length are another measurement.
  if (!smoke && seconds === null) writeFigure(record);
  return figure.met ? 0 : 1;
}
