import { buildWhenNeeded } from "@/scripts/demo/build-when-needed";
import { type BenchDatabase, makePglite, makePostgres } from "./bench-database";
import { buildDoNothing, DO_NOTHING } from "./build-do-nothing";
import type { BenchOptions, Figure } from "./figure";
import { type IngestRun, raceRoutes } from "./race-routes";
import { type NextServer, startNext } from "./servers";

const PORTS = { doNothing: 4871, app: 4872 };
/** The least that a postback may be beside a route that does nothing, on Postgres with 32 connections. */
const ROUTE_RATIO_MIN = 0.7;
const JUDGED_CONNECTIONS = 32;

/** Postbacks per second into the product while it drains them to the ledger, beside a route that does nothing.
 *  Errors: what keeps a server from being built or started. */
export async function benchIngest(options: BenchOptions): Promise<Figure> {
  await buildWhenNeeded(options.say);
  await buildDoNothing();
  const doNothing = await startNext({ folder: DO_NOTHING, port: PORTS.doNothing, readyPath: "/nothing" });
  try {
    const postgres = await measure(makePostgres, doNothing, options);
    const pglite = await measure(makePglite, doNothing, options);
    const routeRatio = postgres.races.find((race) => race.connections === JUDGED_CONNECTIONS)?.ratio ?? 0;
    const wrong = [...wrongIn(postgres), ...wrongIn(pglite)];
    if (!options.smoke && routeRatio < ROUTE_RATIO_MIN) {
      wrong.push(`routeRatio is ${routeRatio}; at least ${ROUTE_RATIO_MIN}`);
    }
    const met = wrong.length === 0;
    return {
      figure: "ingest",
      smoke: options.smoke,
      met,
      wrong,
      routeRatio,
      routeRatioMin: ROUTE_RATIO_MIN,
      postgres,
      pglite,
    };
  } finally {
    await doNothing.stop();
  }
}

type Measured = IngestRun & { database: string; books: Awaited<ReturnType<typeof countBooks>> };

async function measure(
  make: () => Promise<BenchDatabase>,
  doNothing: NextServer,
  options: BenchOptions,
): Promise<Measured> {
  const database = await make();
  try {
    const { variables } = database;
    const app = await startNext({ folder: ".", port: PORTS.app, readyPath: "/api/ready", variables });
    try {
      const { acceptedIds, ...run } = await raceRoutes({ database, app, doNothing, ...options });
      const books = await countBooks(database, app, acceptedIds);
      await app.stop();
      const violations = (await database.verify()).length;
      return { database: database.version, ...run, books: { ...books, ledgerViolations: violations } };
    } finally {
      await app.stop();
    }
  } finally {
    await database.close();
  }
}

/** Answers beside rows: what was answered "accepted" must be there, and in the ledger. */
async function countBooks(database: BenchDatabase, app: NextServer, acceptedIds: readonly string[]) {
  const stored = await database.ask<{ id: string; processed: boolean }>(
    app,
    "select id, processed_at is not null as processed from deliveries where result = 'accepted'",
  );
  const [ledger] = await database.ask<{ transactions: number }>(
    app,
    "select count(*)::int as transactions from ledger_transactions where purpose = 'accrue'",
  );
  const storedIds = new Set(stored.map((row) => row.id));
  return {
    acceptedAnswers: acceptedIds.length,
    storedRows: stored.length,
    lost: acceptedIds.filter((id) => !storedIds.has(id)).length,
    unprocessed: stored.filter((row) => !row.processed).length,
    ledgerTransactions: ledger?.transactions ?? 0,
    ledgerViolations: 0,
  };
}

function wrongIn({ database, books, races, refused }: Measured): string[] {
  const { acceptedAnswers, storedRows, lost, unprocessed, ledgerTransactions, ledgerViolations } = books;
  const findings: [isWrong: boolean, finding: string][] = [
    [acceptedAnswers === 0 || races.length === 0, "nothing was measured"],
    [refused > 0, `${refused} requests had no "accepted" for an answer`],
    [lost > 0, `${lost} accepted deliveries are not in the database`],
    [storedRows !== acceptedAnswers, `${storedRows} rows stand against ${acceptedAnswers} accepted answers`],
    [unprocessed > 0, `${unprocessed} deliveries were not drained to the ledger in time`],
    [ledgerTransactions !== acceptedAnswers, `${ledgerTransactions} accruals stand against ${acceptedAnswers} answers`],
    [ledgerViolations > 0, `the ledger has ${ledgerViolations} violations`],
  ];
  return findings.flatMap(([isWrong, finding]) => (isWrong ? [`${database}: ${finding}`] : []));
}
