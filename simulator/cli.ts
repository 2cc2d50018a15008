import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { awinDialect } from "./networks/awin";
import { type FireSummary, fire } from "./networks/fire";
import { genericDialect } from "./networks/generic";
import { type PayPal, startPayPal } from "./paypal/start-paypal";
import {
  allShape,
  type NetworkSettings,
  networkShape,
  type PayPalSettings,
  payPalShape,
  readSettings,
  SettingsError,
} from "./settings";
import { watchParent } from "./watch-parent";

const usage = `Simulated networks and a simulated PayPal, as we read their public documents.

npm run simulate -- paypal  [--port 4010] [--books FILE] [--latency-ms 150] [--settle-ms 2000] [--late-ms N]
                            [--client-id ID] [--client-secret S] [--request-ids replay|ignored] [--seed 1]
                            [--faults JSON] [--balances JSON]
npm run simulate -- network --url POSTBACK_URL --dialect generic|awin [--rate 1] [--count N]
                            [--duplicates PERCENT] [--disorder PERCENT] [--strays PERCENT] [--seed 1]
                            [--links GO_URL,GO_URL] [--sub-id-parameter NAME] [--currency EUR]
                            [--method GET|FORM|JSON|varied] [--secret S] [--id-prefix TEXT] [--verbose]
npm run simulate -- all     --config FILE

A network without --count runs until it is stopped. Every command takes --with-parent: end when the process that
started it is gone. simulator/README.md has the faults, the control endpoints and the config file.`;

const flags = {
  ...strings("port", "books", "latency-ms", "settle-ms", "late-ms", "client-id", "client-secret", "request-ids"),
  ...strings("seed", "faults", "balances", "url", "dialect", "rate", "count", "duplicates", "disorder", "strays"),
  ...strings("links", "sub-id-parameter", "currency", "method", "secret", "id-prefix", "config"),
  verbose: { type: "boolean" },
  "with-parent": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const stopping = new AbortController();

await main().catch((error: unknown) => {
  console.error(
    error instanceof SettingsError ? `simulate: ${error.message}\n\n${usage}` : `simulate: ${describe(error)}`,
  );
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { command, values } = readArguments();
  if (values.help || !command) {
    console.log(usage);
    if (!values.help) process.exitCode = 1;
    return;
  }
  const stop = () => stopping.abort();
  process.on("SIGINT", stop).on("SIGTERM", stop);
  if (values["with-parent"]) watchParent(stop);
  const { verbose, "with-parent": _, help: __, config, ...rest } = values;
  switch (command) {
    case "paypal":
      return runAll({ paypal: readSettings(payPalShape, payPalValues(rest), "paypal"), networks: [] });
    case "network":
      return runAll({ networks: [readSettings(networkShape, networkValues(rest), "network")] }, verbose);
    case "all":
      if (!config) throw new SettingsError("all: --config FILE is missing");
      return runAll(readSettings(allShape, readJson(readFile(config), config), config), verbose);
    default:
      throw new SettingsError(`there is no command "${command}"`);
  }
}

async function runAll(
  settings: { paypal?: PayPalSettings; networks: NetworkSettings[] },
  verbose = false,
): Promise<void> {
  const paypal = settings.paypal && (await startRail(settings.paypal));
  const runs = settings.networks.map((network) => runNetwork(network, verbose));
  const summaries = await Promise.all(runs);
  if (paypal) {
    if (!stopping.signal.aborted) await new Promise((done) => stopping.signal.addEventListener("abort", done));
    await paypal.close();
  }
  const isBad = ({ results }: FireSummary) => Object.keys(results).some((word) => !/^[a-z]+$|^2..$/.test(word));
  process.exitCode = !stopping.signal.aborted && summaries.some(isBad) ? 1 : 0;
  // Standard input, watched for the parent's end, may hold the process open.
  process.stdin.destroy();
}

async function startRail({ books, ...settings }: PayPalSettings): Promise<PayPal> {
  const paypal = await startPayPal({ ...settings, booksPath: books });
  console.log(`paypal ready url=${paypal.url} client_id=${settings.clientId}${books ? ` books=${books}` : ""}`);
  return paypal;
}

async function runNetwork(settings: NetworkSettings, verbose: boolean): Promise<FireSummary> {
  const { name = settings.dialect, url, secret, method, seed } = settings;
  const dialect = settings.dialect === "awin" ? awinDialect({ url }) : genericDialect({ url, seed, method, secret });
  console.log(`network ready name=${name} dialect=${dialect.name} rate=${settings.rate}/s url=${url}`);
  const summary = await fire({
    ...settings,
    dialect,
    idPrefix: settings.idPrefix ?? `${name}-${Date.now().toString(36)}`,
    signal: stopping.signal,
    onAnswer: verbose
      ? ({ externalId, state, isRepeat }, result) =>
          console.log(`${name} ${externalId} ${state}${isRepeat ? " (repeat)" : ""} → ${result}`)
      : undefined,
  });
  console.log(JSON.stringify({ network: name, ...summary }));
  return summary;
}

type Flags = ReturnType<typeof readArguments>["values"];

function readArguments() {
  try {
    const { positionals, values } = parseArgs({ options: flags, allowPositionals: true });
    if (positionals.length > 1) throw new Error(`"${positionals[1]}" is one argument too many`);
    return { command: positionals[0], values };
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error));
  }
}

function payPalValues({ faults, balances, ...values }: Omit<Flags, "verbose" | "help" | "with-parent" | "config">) {
  return {
    ...camelCased(values),
    ...(faults && { faults: readJson(faults, "--faults") }),
    ...(balances && { balances: readJson(balances, "--balances") }),
  };
}

function networkValues({ links, ...values }: Omit<Flags, "verbose" | "help" | "with-parent" | "config">) {
  return { ...camelCased(values), ...(links && { links: links.split(",").filter(Boolean) }) };
}

function camelCased(values: Record<string, string | undefined>): Record<string, string | undefined> {
  const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [camel(name), value]));
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new SettingsError(`--config ${path} cannot be read: ${describe(error)}`);
  }
}

function readJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SettingsError(`${what} is not JSON: ${describe(error)}`);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function strings<Name extends string>(...names: Name[]) {
  return Object.fromEntries(names.map((name) => [name, { type: "string" }])) as Record<Name, { type: "string" }>;
}
