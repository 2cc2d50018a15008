import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { sql } from "drizzle-orm";
import { addMembership, createUser } from "@/server/access";
import { releaseHolds } from "@/server/commissions";
import { closeDatabase, type Database, getDatabase, jsonRows } from "@/server/db";
import { createInbox, handlePostback, processDeliveries } from "@/server/deliveries";
import { env } from "@/server/env";
import { Refusal, refusalIn } from "@/server/errors";
import { newId } from "@/server/ids";
import { createOrganization } from "@/server/organizations";
import { addRuleVersion, createProgram } from "@/server/programs";
import { createSource } from "@/server/sources";

// Fills a Postgres with one more organization of a chosen size: people by one statement for many, everything that moves money through
// the product's own verbs. Names, amounts, states and their order are the same every time; ids, tokens and dates are not.

const AFFILIATES = { small: 200, "5k": 5_000, "50k": 50_000 } as const;
const CONVERSIONS_EACH = 20;
const HISTORY_DAYS = 120;
const HOLD_DAYS = 30;
const DAY_MS = 24 * 3_600_000;
/** Rows of one statement, and deliveries of one transaction. */
const CHUNK = 1_000;
const SAY_EVERY_MS = 5_000;

type Size = keyof typeof AFFILIATES;
type Seeded = { orgId: string; programId: string; token: string };

try {
  await seed(sizeOf(process.argv.slice(2)));
} catch (error) {
  console.error(refusalIn(error)?.message ?? error);
  process.exit(1);
}

async function seed(size: Size): Promise<void> {
  if (env().databaseUrl === null) {
    throw new Refusal(
      "precondition_failed",
      "npm run seed fills a Postgres: set DATABASE_URL. (npm run demo has data of its own.)",
    );
  }
  const started = Date.now();
  const now = new Date(started);
  const database = await getDatabase();
  const organization = await setUp(database, size, new Date(started - HISTORY_DAYS * DAY_MS));
  await addAffiliates(database, organization, AFFILIATES[size], new Date(started - HISTORY_DAYS * DAY_MS));
  const total = AFFILIATES[size] * CONVERSIONS_EACH;
  await addConversions(database, organization, { affiliates: AFFILIATES[size], total, now });
  const released = await releaseAll(database, organization.orgId, now);
  const user = await addOperator(database, organization.orgId, now);
  await closeDatabase();
  const seconds = (Date.now() - started) / 1000;
  console.log(
    `${AFFILIATES[size]} affiliates, ${total} conversions, ${released} commissions released in ${seconds.toFixed(1)} s.`,
  );
  console.log(`organization=${organization.orgId} program=${organization.programId} token=${organization.token}`);
  console.log(`Sign in as ${user.email} with ${user.password}`);
}

function sizeOf(argv: string[]): Size {
  const { size } = parseArgs({ args: argv, options: { size: { type: "string", default: "small" } } }).values;
  if (size in AFFILIATES) return size as Size;
  throw new Refusal("invalid_input", `--size is "${size}"; sizes are ${Object.keys(AFFILIATES).join(", ")}`);
}

async function setUp(database: Database, size: Size, at: Date): Promise<Seeded> {
  const orgId = await database.asOwner((tx) => createOrganization(tx, { name: `Seed of ${size}` }, at));
  return database.inOrganization(orgId, async (tx) => {
    const minimums = [{ minor: 1_000n, currency: "EUR" }];
    const programId = await createProgram(
      tx,
      { name: "Seeded program", currency: "EUR", timeZone: "Europe/Berlin", minimums },
      at,
    );
    await addRuleVersion(
      tx,
      {
        programId,
        sourceId: null,
        name: "Half of the reward",
        base: "reward",
        pays: { kind: "percentage", ratePpm: 500_000n },
        holdDays: HOLD_DAYS,
        effectiveFrom: at,
      },
      at,
    );
    const source = {
      programId,
      name: "Seeded network",
      network: "generic",
      signingSecret: null,
      defaultCurrency: "EUR",
    };
    const { token } = await createSource(tx, source, at);
    return { orgId, programId, token };
  });
}

async function addAffiliates(database: Database, { orgId, programId }: Seeded, count: number, at: Date): Promise<void> {
  const say = progress("affiliates", count);
  for (let first = 0; first < count; first += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, count - first) }, (_, n) => {
      const number = first + n + 1;
      const email = `member-${number}@example.com`;
      return {
        id: newId("aff", at),
        destination: newId("dst", at),
        external_id: `M-${number}`,
        name: `Member ${number}`,
        email,
      };
    });
    const people = sql`${jsonRows(rows)} as r(id text, destination text, external_id text, name text, email text)`;
    const created = sql`${at.toISOString()}::timestamptz`;
    await database.inOrganization(orgId, async (tx) => {
      await tx.execute(
        sql`insert into affiliates (id, external_id, name, email, created_at) select id, external_id, name, email, ${created} from ${people}`,
      );
      await tx.execute(
        sql`insert into enrolments (program_id, affiliate_id, created_at) select ${programId}, id, ${created} from ${people}`,
      );
      await tx.execute(
        sql`insert into destinations (id, affiliate_id, rail, receiver, created_at) select destination, id, 'paypal', email, ${created} from ${people}`,
      );
    });
    say(first + rows.length);
  }
}

async function addConversions(
  database: Database,
  { orgId, token }: Seeded,
  { affiliates, total, now }: { affiliates: number; total: number; now: Date },
): Promise<void> {
  const say = progress("conversions", total);
  const inbox = createInbox(
    database,
    () => now,
    () => {},
  );
  for (let first = 0; first < total; first += CHUNK) {
    const last = Math.min(first + CHUNK, total);
    const at = new Date(now.getTime() - (1 - last / total) * HISTORY_DAYS * DAY_MS);
    const door = { inbox, clock: () => at, admit: () => 0 };
    const answers = Array.from({ length: last - first }, (_, n) => {
      const request = new Request(`http://localhost/api/postbacks/${token}?${postback(first + n, affiliates)}`);
      return handlePostback(request, token, door);
    });
    const refused = (await Promise.all(answers)).find((answer) => !answer.ok);
    if (refused)
      throw new Refusal("invariant_broken", `a postback was answered ${refused.status}: ${await refused.text()}`);
    await database.inOrganization(orgId, (tx) => processDeliveries(tx, { limit: CHUNK }, at));
    say(last);
  }
}

/** Taking turns: everybody gets as many. Every tenth is still pending, every twentieth was declined. */
function postback(n: number, affiliates: number): string {
  const saleMinor = 500 + ((n * 7_919) % 49_500);
  const rewardMinor = Math.floor((saleMinor * (3 + (n % 8))) / 100);
  const status = n % 20 === 19 ? "declined" : n % 10 === 4 ? "pending" : "approved";
  const amounts = `amount=${decimal(saleMinor)}&payout=${decimal(rewardMinor)}&currency=EUR`;
  return `sub1=M-${(n % affiliates) + 1}&order_id=S-${n + 1}&${amounts}&status=${status}`;
}

function decimal(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

async function releaseAll(database: Database, orgId: string, now: Date): Promise<number> {
  let released = 0;
  for (;;) {
    const chunk = await database.inOrganization(orgId, (tx) => releaseHolds(tx, { limit: CHUNK }, now));
    released += chunk;
    if (chunk < CHUNK) return released;
  }
}

async function addOperator(database: Database, organizationId: string, now: Date) {
  const email = `operator-${organizationId.slice(-6)}@seed.example`;
  const password = randomBytes(12).toString("base64url");
  await database.asOwner(async (tx) => {
    const userId = await createUser(tx, { name: "Seed operator", email, password }, now);
    await addMembership(tx, { userId, organizationId, role: "owner" }, now);
  });
  return { email, password };
}

/** Says how far it has come and how fast, now and then and at the end. */
function progress(what: string, total: number): (done: number) => void {
  const started = Date.now();
  let said = started;
  return (done) => {
    if (Date.now() - said < SAY_EVERY_MS && done < total) return;
    said = Date.now();
    const perSecond = Math.round((done * 1000) / Math.max(1, said - started));
    console.log(`${what} ${done}/${total} rows/s=${perSecond}`);
  };
}
