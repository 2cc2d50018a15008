import { setTimeout as pause } from "node:timers/promises";
import { type OpenDatabase, openDatabase } from "@/server/db";
import { refusalIn } from "@/server/errors";
import { credit, debit, type NewTransaction, postTransactions, totalsByKind, verifyLedger } from "@/server/ledger";
import { createOrganization } from "@/server/organizations";
import { type BankBooks, createBankBooks } from "./bank-books";
import type { Figure, ProofOptions } from "./figure";
import { type BackendKiller, startKilling } from "./kill-backends";
import { type ProofPostgres, startProofPostgres } from "./proof-postgres";
import { createRandom, type Random } from "./random";

/** Acknowledged postings, and backends killed meanwhile. */
const SIZE = { trials: 5_500, kills: 24, msMax: 120_000 };
const SMOKE = { trials: 300, kills: 3, msMax: 30_000 };
const TRIALS_MIN = 5_000;

const CLIENTS = 12;
const READERS = 2;
const POSTINGS_PER_READ = 50;
/** Few owners, so that clients meet on the same accounts. */
const OWNERS = 16;
const CURRENCIES = ["EUR", "USD", "JPY"];

type Bank = {
  readonly orgId: string;
  readonly random: Random;
  readonly books: BankBooks;
  readonly hits: Map<string, number>;
  readonly violations: string[];
  isOpen: boolean;
};

/** What the ledger breaks or forgets of what it acknowledged, while backends of its database are ended and killed. */
export async function prove({ smoke, seed, trials: wanted }: ProofOptions): Promise<Figure> {
  const size = { ...(smoke ? SMOKE : SIZE), ...(wanted === null ? {} : { trials: wanted }) };
  const postgres = await startProofPostgres();
  const database = await openDatabase({ url: postgres.url, poolSize: CLIENTS + READERS });
  try {
    const orgId = await database.asOwner((tx) => createOrganization(tx, { name: "Bank" }, new Date()));
    const hits = new Map(CLASSES.map((name) => [name, 0]));
    const bank: Bank = {
      orgId,
      random: createRandom(seed),
      books: createBankBooks(),
      hits,
      violations: [],
      isOpen: true,
    };
    const killer = startKilling(postgres, hits);
    const closed = runUntilDone(bank, size, killer);
    await Promise.all([
      closed,
      ...Array.from({ length: CLIENTS }, (_, client) => post(bank, database, `client-${client}`)),
      ...Array.from({ length: READERS }, () => read(bank, database, closed)),
    ]);
    return await judge(bank, database, postgres, smoke);
  } finally {
    await database.close();
    await postgres.close();
  }
}

const CLASSES = [
  "backends ended (pg_terminate_backend)",
  "backends killed (kill -9, then crash recovery)",
  "postings told to be undone, sent again",
  "postings of unknown outcome, sent again",
  "of those: found committed",
  "reads of the whole ledger meanwhile",
];

/** Kills backends while postings go on, spread over the trials; goes on after them until every class was met or time is up. */
async function runUntilDone(bank: Bank, size: typeof SIZE, killer: BackendKiller): Promise<void> {
  const endMs = performance.now() + size.msMax;
  const isMet = () => [...bank.hits.values()].every((count) => count > 0);
  try {
    for (let kills = 0; bank.isOpen && performance.now() < endMs; kills++) {
      if (kills >= size.kills && bank.books.size() >= size.trials && isMet()) break;
      const share = Math.min(1, (kills + 1) / size.kills);
      await bank.books.reached(Math.max(share * size.trials, bank.books.size() + 1));
      await (kills % 2 === 0 ? killer.end() : killer.kill());
    }
  } finally {
    bank.isOpen = false;
  }
}

/** One client: posts until the bank closes, and sends again what was not acknowledged until it is. */
async function post(bank: Bank, database: OpenDatabase, client: string): Promise<void> {
  for (let call = 0; bank.isOpen; call++) {
    const transactions = drawTransactions(bank.random, `${client}-${call}`);
    const said = await postUntilAcknowledged(bank, database, transactions).catch((error: unknown) => {
      bank.violations.push(`a posting was refused: ${String(error)}`);
      return null;
    });
    // Refused for anything but a lost connection: the fault is found, and the bank closes.
    if (said === null) {
      bank.isOpen = false;
      return bank.books.close();
    }
    bank.books.acknowledge(transactions);
    if (said.isUnknown && said.isRepeated) count(bank, "of those: found committed");
  }
}

async function postUntilAcknowledged(bank: Bank, database: OpenDatabase, transactions: readonly NewTransaction[]) {
  for (let isUnknown = false; ; ) {
    try {
      const posted = await database.inOrganization(bank.orgId, (tx) => postTransactions(tx, transactions, new Date()));
      return { isUnknown, isRepeated: posted.some(({ repeated }) => repeated) };
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal?.code !== "unavailable") throw error;
      if (/is unknown/.test(refusal.message)) {
        isUnknown = true;
        count(bank, "postings of unknown outcome, sent again");
      } else if (/was undone/.test(refusal.message)) {
        count(bank, "postings told to be undone, sent again");
      }
      // The server may be recovering: asking it again at once would only burn the processor.
      await pause(5);
    }
  }
}

/** One reader: whatever moment it meets, the books it sees must agree. */
async function read(bank: Bank, database: OpenDatabase, closed: Promise<void>): Promise<void> {
  while (bank.isOpen) {
    try {
      const found = await database.inOrganization(bank.orgId, async (tx) => {
        const sums = new Map<string, bigint>();
        for (const { total } of await totalsByKind(tx)) {
          sums.set(total.currency, (sums.get(total.currency) ?? 0n) + total.minor);
        }
        const unbalanced = [...sums].flatMap(([currency, sum]) =>
          sum === 0n ? [] : [`${sum} ${currency} are left over`],
        );
        return [
          ...unbalanced,
          ...(await verifyLedger(tx)).map(({ rule, where, found }) => `${where}: ${rule}; ${found}`),
        ];
      });
      bank.violations.push(...found);
      count(bank, "reads of the whole ledger meanwhile");
      // Reading without a pause would leave the postings little of the machine.
      await Promise.race([closed, bank.books.reached(bank.books.size() + POSTINGS_PER_READ)]);
    } catch (error) {
      if (refusalIn(error)?.code !== "unavailable") throw error;
      await pause(5);
    }
  }
}

async function judge(bank: Bank, database: OpenDatabase, postgres: ProofPostgres, smoke: boolean): Promise<Figure> {
  const found = await database.inOrganization(bank.orgId, verifyLedger);
  bank.violations.push(...found.map(({ rule, where, found }) => `${where}: ${rule}; ${found}`));
  const { missing, wrong } = await bank.books.compare(postgres);
  const violations = [...bank.violations, ...wrong];
  const trials = bank.books.size();
  return {
    figure: "bank",
    value: `${violations.length}; ${missing.length}`,
    target: "0; 0 of ≥ 5,000",
    met: violations.length === 0 && missing.length === 0 && (smoke || trials >= TRIALS_MIN),
    trials,
    hits: Object.fromEntries(bank.hits),
    postgres: postgres.version,
    notes: [
      ...violations.slice(0, 5),
      ...missing.slice(0, 5).map((cause) => `${cause} was acknowledged and is not there`),
      "A killed backend is a crash of the server, not a loss of power: what the disk itself forgets is not covered.",
    ],
  };
}

function count({ hits }: Bank, name: string): void {
  hits.set(name, (hits.get(name) ?? 0) + 1);
}

/** One to four transactions; a call posts all of them or none. */
function drawTransactions(random: Random, cause: string): NewTransaction[] {
  return Array.from({ length: 1 + random.int(4) }, (_, index) => {
    const currency = random.pick(CURRENCIES);
    const owner = () => `aff_${random.int(OWNERS)}`;
    const [held, kept] = [1n + random.amount(99_999n), 1n + random.amount(99_999n)];
    return {
      causeId: `${cause}-${index}`,
      purpose: "proof",
      eventAt: new Date(),
      lines: [
        debit("network_receivable_claimed", `src_${random.int(8)}`, { minor: held + kept, currency }),
        credit("affiliate_held", owner(), { minor: held, currency }),
        credit("margin_held", owner(), { minor: kept, currency }),
      ],
    };
  });
}
