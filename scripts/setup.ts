import { readFileSync } from "node:fs";
import { z } from "zod";
import { addMembership, createUser } from "@/server/access";
import { createAffiliate, enrol, setDestination } from "@/server/affiliates";
import { createLink } from "@/server/attribution";
import { closeDatabase, getDatabase, type Tx } from "@/server/db";
import { env } from "@/server/env";
import { refusalIn } from "@/server/errors";
import { newToken } from "@/server/ids";
import { parseAmount, parsePercentage } from "@/server/money";
import { networkNamed } from "@/server/networks";
import { createOrganization } from "@/server/organizations";
import { addRuleVersion, createProgram } from "@/server/programs";
import { createSource } from "@/server/sources";

// Sets up one organization from a file: operator, programs, rules, sources, affiliates, links. docs/setup-example.json shows every field.
// A mistake in its last line leaves nothing behind but an organization without content and without an operator.

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
  const [path] = process.argv.slice(2);
  if (!path) throw new Error("usage: npm run setup -- FILE.json (docs/setup-example.json shows every field)");
  const parsed = setup.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  await setUp(parsed.data, new Date());
} catch (error) {
  console.error(refusalIn(error)?.message ?? (error instanceof Error ? error.message : error));
  process.exitCode = 1;
} finally {
  await closeDatabase();
}

async function setUp(wanted: z.infer<typeof setup>, now: Date): Promise<void> {
  const database = await getDatabase();
  const password = newToken();
  const organizationId = await database.asOwner((tx) => createOrganization(tx, { name: wanted.organization }, now));
  const addresses = await database.inOrganization(organizationId, async (tx) => {
    const lines: string[] = [];
    for (const one of wanted.programs) lines.push(...(await setUpProgram(tx, one, now)));
    return lines;
  });
  await database.asOwner(async (tx) => {
    const userId = await createUser(tx, { ...wanted.operator, password }, now);
    await addMembership(tx, { userId, organizationId, role: "operator" }, now);
  });
  console.log(`Sign in at ${env().appUrl}/sign-in as ${wanted.operator.email} with the password ${password}`);
  for (const line of addresses) console.log(line);
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
    if (!source) throw new Error(`link "${link.slug}": there is no source named "${link.source}" in this program`);
    await createLink(
      tx,
      { programId, sourceId: source.id, affiliateId, ...link, subIdParameter: source.subIdParameter },
      now,
    );
    lines.push(`Link of ${wanted.name}: ${env().appUrl}/go/${link.slug}`);
  }
  return lines;
}
