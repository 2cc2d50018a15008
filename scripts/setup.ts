import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { addMembership, createUser } from "@/server/access";
import { createAffiliate, enrol, setDestination } from "@/server/affiliates";
import { createLink } from "@/server/attribution";
import { closeDatabase, getDatabase, type Tx } from "@/server/db";
import { bindTransaction } from "@/server/db/session-settings";
import { env } from "@/server/env";
import { assertInvariant, Refusal, refusalIn } from "@/server/errors";
import { newToken } from "@/server/ids";
import { parseAmount, parsePercentage } from "@/server/money";
import { networkNamed } from "@/server/networks";
import { createOrganization } from "@/server/organizations";
import { addRuleVersion, createProgram } from "@/server/programs";
import { createSource } from "@/server/sources";
import { placeOfDatabase } from "./place-of-database";

// Sets up one organization from a file: operator, programs, rules, sources, affiliates, links. docs/setup-example.json shows every field.
// All of it is one transaction: a mistake in its last line leaves nothing behind, and the mended file can be run again.

const USAGE = "usage: npm run setup -- FILE.json [--pglite] (docs/setup-example.json shows every field)";
const STATEMENT_MS_MAX = 30_000;

const amount = z.object({ amount: z.string(), currency: z.string() }).transform(({ amount, currency }, context) => {
  const parsed = parseAmount(amount, currency);
  if (parsed.kind === "amount") return parsed.amount;
  context.addIssue({ code: "custom", message: parsed.reason });
  return z.NEVER;
});

const rule = z.object({
  name: z.string().min(1),
  base: z.enum(["sale", "reward"]),
  pays: z.union([
    z
      .object({ percentage: z.string() })
      .transform((r) => ({ kind: "percentage" as const, ratePpm: parsePercentage(r.percentage) })),
    z.object({ flat: amount }).transform((r) => ({ kind: "flat" as const, amount: r.flat })),
  ]),
  holdDays: z.int().min(0).max(730),
});

const affiliate = z.object({
  name: z.string().min(1),
  email: z.email(),
  externalId: z.string().nullish(),
  locale: z.string().optional(),
  timeZone: z.string().optional(),
  paypal: z.email().optional(),
  links: z.array(z.object({ slug: z.string(), source: z.string(), destinationUrl: z.url() })).default([]),
});

const program = z.object({
  name: z.string().min(1),
  currency: z.string(),
  timeZone: z.string(),
  minimums: z.array(amount).min(1),
  rules: z.array(rule).min(1),
  sources: z
    .array(
      z.object({
        name: z.string().min(1),
        network: z.string(),
        signingSecret: z.string().nullish(),
        defaultCurrency: z.string().nullish(),
      }),
    )
    .min(1),
  affiliates: z.array(affiliate).default([]),
});

const setup = z.object({
  organization: z.string().min(1),
  operator: z.object({ name: z.string().min(1), email: z.email() }),
  programs: z.array(program).min(1),
});

type Program = z.infer<typeof program>;

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { pglite: { type: "boolean" } } });
  const [path] = positionals;
  if (!path || positionals.length > 1) throw new Refusal("invalid_input", USAGE);
  refuseWrongPlace(values.pglite ?? false);
  const parsed = setup.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new Refusal("invalid_input", z.prettifyError(parsed.error));
  await setUp(parsed.data, new Date());
} catch (error) {
  console.error(refusalIn(error)?.message ?? (error instanceof Error ? error.message : error));
  process.exitCode = 1;
} finally {
  await closeDatabase();
}

/** An organization in a folder that nobody serves is an hour's search: PGlite has to be meant. */
function refuseWrongPlace(isPgliteMeant: boolean): void {
  const isPglite = env().databaseUrl === null;
  if (isPglite === isPgliteMeant) return;
  throw new Refusal(
    "precondition_failed",
    isPglite
      ? `npm run setup works on a Postgres: set DATABASE_URL, or say --pglite for ${placeOfDatabase(env())}.`
      : `--pglite was said, but DATABASE_URL names ${placeOfDatabase(env())}: leave out one of them.`,
  );
}

async function setUp(wanted: z.infer<typeof setup>, now: Date): Promise<void> {
  const database = await getDatabase();
  const password = newToken();
  const addresses = await database.asOwner(async (tx) => {
    const organizationId = await createOrganization(tx, { name: wanted.organization }, now);
    const userId = await createUser(tx, { ...wanted.operator, password }, now);
    await addMembership(tx, { userId, organizationId, role: "owner" }, now);
    await actInside(tx, organizationId);
    const lines: string[] = [];
    for (const one of wanted.programs) lines.push(...(await setUpProgram(tx, one, now)));
    return lines;
  });
  console.log(`"${wanted.organization}" is set up in ${placeOfDatabase(env())}.`);
  console.log(`Sign in at ${env().appUrl}/sign-in as ${wanted.operator.email} with the password ${password}`);
  for (const line of addresses) console.log(line);
}

/** From here on the owner's open transaction is one inside the organization that it has just made: row security binds it like any other. */
async function actInside(tx: Tx, orgId: string): Promise<void> {
  const binding = bindTransaction({ as: "app", orgId }, STATEMENT_MS_MAX);
  assertInvariant(binding, "a transaction inside an organization has no binding");
  await tx.execute(binding);
}

async function setUpProgram(tx: Tx, wanted: Program, now: Date): Promise<string[]> {
  const programId = await createProgram(tx, wanted, now);
  for (const one of wanted.rules)
    await addRuleVersion(tx, { programId, sourceId: null, effectiveFrom: now, ...one }, now);
  const sources = new Map<string, { id: string; subIdParameter: string }>();
  const lines: string[] = [];
  for (const one of wanted.sources) {
    const network = networkNamed(one.network);
    const created = await createSource(
      tx,
      {
        programId,
        name: one.name,
        network: one.network,
        signingSecret: one.signingSecret ?? null,
        defaultCurrency: one.defaultCurrency ?? null,
      },
      now,
    );
    sources.set(one.name, { id: created.id, subIdParameter: network.subIdParameter });
    lines.push(
      `Postback address of ${one.name}: ${env().appUrl}/api/postbacks/${created.token}${network.postbackTemplate}`,
    );
  }
  for (const one of wanted.affiliates) lines.push(...(await setUpAffiliate(tx, programId, one, sources, now)));
  return lines;
}

async function setUpAffiliate(
  tx: Tx,
  programId: string,
  wanted: Program["affiliates"][number],
  sources: ReadonlyMap<string, { id: string; subIdParameter: string }>,
  now: Date,
): Promise<string[]> {
  const affiliateId = await createAffiliate(tx, wanted, now);
  await enrol(tx, { programId, affiliateId }, now);
  if (wanted.paypal) await setDestination(tx, { affiliateId, rail: "paypal", receiver: wanted.paypal }, now);
  const lines: string[] = [];
  for (const link of wanted.links) {
    const source = sources.get(link.source);
    if (!source)
      throw new Refusal(
        "invalid_input",
        `link "${link.slug}": there is no source named "${link.source}" in this program`,
      );
    await createLink(
      tx,
      { programId, sourceId: source.id, affiliateId, ...link, subIdParameter: source.subIdParameter },
      now,
    );
    lines.push(`Link of ${wanted.name}: ${env().appUrl}/go/${link.slug}`);
  }
  return lines;
}
