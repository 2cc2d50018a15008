import { openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { env } from "@/server/env";
import { Refusal, refusalIn } from "@/server/errors";
import type { PayPal } from "@/simulator/paypal/start-paypal";
import { endOf, startChild, stopChildren } from "./children";
import { choosePort } from "./choose-port";
import { type ReadyDemo, readDemoState } from "./demo-state";
import { fireNetworks } from "./fire-networks";
import { readArguments } from "./read-arguments";
import { openPayPal, paypalKeys } from "./simulated-paypal";
import { openFolder, type TakenFolder, takeFolder } from "./take-folder";
import { variablesOfLaunch } from "./variables-of-launch";
import { watchCaller } from "./watch-caller";

const READY_MS_MAX = 120_000;
const ASK_EVERY_MS = 50;
/** An answer takes about what the real one's takes; a batch settles slowly enough to be watched. */
const PAYPAL_PACE = { latencyMs: 150, settleMs: 6_000 };

/** What differs between the demo and development. */
export type Launch = {
  name: "demo" | "development server";
  mode: "demo" | "development";
  /** What happens while a new folder is seeded: a build, or nothing. */
  prepare(): Promise<void>;
  /** Arguments of `node` that serve the app, before the address. */
  serve: readonly string[];
  /** Whether what the app says goes to a file instead of the terminal. */
  isQuiet: boolean;
  /** How busy the simulated networks are. */
  reportsPerSecond: number;
  /** What is printed when the app answers. */
  welcome(demo: ReadyDemo, place: { url: string; dataDir: string; simulator: boolean }): string;
};

/** Runs everything on this machine until it is stopped: the data, the app, and the outside world. Ends the process. */
export async function launch(what: Launch, argv: readonly string[]): Promise<void> {
  const stopping = new AbortController();
  const stop = (code: number, now = false) => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    void stopChildren({ now }).finally(() => process.exit(code));
  };
  process.on("SIGINT", () => stop(0)).on("SIGTERM", () => stop(0));
  watchCaller(() => stop(1, true));
  try {
    await run(what, argv, stopping.signal);
    stop(0);
  } catch (error) {
    // What a stop cuts off is no failure.
    if (stopping.signal.aborted) return;
    const words = refusalIn(error)?.message ?? (error instanceof Error ? error.stack : String(error));
    process.stderr.write(`\nThe ${what.name} is not running.\n${words}\n`);
    stop(1);
  }
}

async function run(what: Launch, argv: readonly string[], signal: AbortSignal): Promise<void> {
  const asked = readArguments(argv, { PORT: process.env.PORT });
  const variables = variablesOfLaunch(what.mode, process.env);
  const unused = Object.keys(variables).filter((name) => variables[name] === "" && process.env[name]);
  if (unused.length > 0) say(`Set, but not used by the ${what.name}: ${unused.join(", ")}.`);
  Object.assign(process.env, variables);
  const folder = await takeFolder(env().dataDir);
  const port = await choosePort(asked.port);
  if (asked.port === null && port !== 3000) say(`Port 3000 is taken; using ${port}.`);
  const url = `http://localhost:${port}`;
  Object.assign(process.env, { PORT: String(port), APP_URL: url });
  const isNew = await openFolder(folder, asked.reset, say);
  if (isNew) await seedWhile(what);
  else await what.prepare();
  const started = Date.now();
  const demo = readReady(folder);
  const paypal = asked.simulator ? await openPayPal(folder.dataDir, PAYPAL_PACE) : undefined;
  const app = startApp(what, folder, port, paypal);
  await Promise.race([untilReady(port, signal), refuseEnd(app)]);
  say(`Ready in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  process.stdout.write(what.welcome(demo, { url, dataDir: folder.dataDir, simulator: asked.simulator }));
  if (asked.simulator)
    await Promise.race([
      fireNetworks(demo.sources, { appUrl: url, perSecond: what.reportsPerSecond, signal }),
      app.ended,
    ]);
  await refuseEnd(app);
}

/** A new folder's history is made while the app is built: neither needs the other. */
async function seedWhile(what: Launch): Promise<void> {
  const started = Date.now();
  say("Making the demo's data: an organization with four months of history (under half a minute) …");
  const seed = startChild(["--import", "tsx", "scripts/demo/seed-demo.ts"]);
  const seeded = endOf(seed).then((code) => {
    if (code !== 0) throw new Refusal("unavailable", `making the data ended with ${code} (above)`);
    say(`The data is there after ${Math.round((Date.now() - started) / 1000)} s.`);
  });
  await Promise.all([seeded, what.prepare()]);
}

function readReady({ dataDir }: TakenFolder): ReadyDemo {
  const state = readDemoState(dataDir);
  if (state?.state !== "ready") throw new Refusal("unavailable", `the data in ${dataDir} is not complete`);
  return state;
}

function startApp(what: Launch, { dataDir }: TakenFolder, port: number, paypal: PayPal | undefined) {
  const logPath = what.isQuiet ? join(dataDir, "app.log") : null;
  const app = startChild([...what.serve, "--hostname", "127.0.0.1", "--port", String(port)], {
    variables: paypal ? railOf(paypal) : {},
    output: logPath === null ? "inherit" : openSync(logPath, "w"),
  });
  return { ended: endOf(app), logPath };
}

function railOf({ url }: PayPal): Record<string, string> {
  const { clientId, clientSecret } = paypalKeys;
  return { PAYPAL_BASE_URL: url, PAYPAL_CLIENT_ID: clientId, PAYPAL_CLIENT_SECRET: clientSecret };
}

async function refuseEnd({ ended, logPath }: ReturnType<typeof startApp>): Promise<never> {
  const code = await ended;
  const where = logPath === null ? "above" : `above, or in ${logPath}`;
  throw new Refusal("unavailable", `The app ended by itself (${code}); what it said is ${where}.`);
}

async function untilReady(port: number, signal: AbortSignal): Promise<void> {
  const giveUpAt = Date.now() + READY_MS_MAX;
  while (!signal.aborted && Date.now() < giveUpAt) {
    const isReady = await fetch(`http://127.0.0.1:${port}/api/ready`, {
      signal: AbortSignal.timeout(READY_MS_MAX),
    }).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await pause(ASK_EVERY_MS);
  }
  throw new Refusal("unavailable", `The app did not answer within ${READY_MS_MAX / 1000} s.`);
}

function say(line: string): void {
  console.log(line);
}
