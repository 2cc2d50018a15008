import { randomBytes } from "node:crypto";
import { createAffiliate, enrol } from "@/server/affiliates";
import { createLink } from "@/server/attribution";
import type { Database, Tx } from "@/server/db";
import { createOrganization } from "@/server/organizations";
import { addRuleVersion, createProgram } from "@/server/programs";
import { createSource } from "@/server/sources";
import { handleOf, type Person, people } from "./people";
import { type SourcePlan, sourcePlans } from "./sources";

/** How long commissions are held. */
const HOLD_DAYS = 21;

const DAY_MS = 24 * 3_600_000;

export type DemoSource = SourcePlan & { id: string; token: string; secret: string | null };

/** The demo organization, before anything has happened to it. */
export type DemoOrganization = {
  orgId: string;
  programs: Readonly<Record<SourcePlan["program"], string>>;
  sources: readonly DemoSource[];
  /** In the order of `people`. */
  affiliates: readonly { id: string; externalId: string; person: Person }[];
};

/** Makes the organization with its programs, networks, people and links, each dated when it began. */
export async function setUpDemo(database: Database, startedAt: Date, now: Date): Promise<DemoOrganization> {
  const orgId = await database.asOwner((tx) => createOrganization(tx, { name: "Riverside" }, startedAt));
  return database.inOrganization(orgId, async (tx) => {
    const programs = {
      cashback: await cashbackProgram(tx, startedAt, now),
      travel: await travelProgram(tx, startedAt),
    };
    const sources: DemoSource[] = [];
    for (const plan of sourcePlans) sources.push(await connect(tx, programs[plan.program], plan, startedAt));
    const affiliates = [];
    for (const [index, person] of people.entries()) {
      const joinedAt =
        person.joinedDaysAgo === undefined ? startedAt : new Date(now.getTime() - person.joinedDaysAgo * DAY_MS);
      const externalId = `RC-${1001 + index}`;
      const id = await join(tx, person, externalId, { programs, sources }, joinedAt);
      affiliates.push({ id, externalId, person });
    }
    return { orgId, programs, sources, affiliates };
  });
}

/** The name of a person's link to the shop of a source. */
export function slugOf(person: Person, source: { key: string }): string {
  return `${handleOf(person).replaceAll(".", "-")}-${source.key}`;
}

async function cashbackProgram(tx: Tx, startedAt: Date, now: Date): Promise<string> {
  const minimums = [
    { minor: 1_000n, currency: "EUR" },
    { minor: 1_000n, currency: "USD" },
  ];
  const programId = await createProgram(
    tx,
    { name: "Riverside Cashback", currency: "EUR", timeZone: "Europe/Berlin", minimums },
    startedAt,
  );
  const rule = { programId, sourceId: null, name: "Member share", base: "reward" as const, holdDays: HOLD_DAYS };
  await addRuleVersion(
    tx,
    { ...rule, pays: { kind: "percentage", ratePpm: 550_000n }, effectiveFrom: startedAt },
    startedAt,
  );
  const raisedAt = new Date(now.getTime() - 60 * DAY_MS);
  await addRuleVersion(
    tx,
    { ...rule, pays: { kind: "percentage", ratePpm: 625_000n }, effectiveFrom: raisedAt },
    raisedAt,
  );
  return programId;
}

async function travelProgram(tx: Tx, startedAt: Date): Promise<string> {
  const minimums = [{ minor: 1_000n, currency: "JPY" }];
  const programId = await createProgram(
    tx,
    { name: "Riverside Travel", currency: "JPY", timeZone: "Asia/Tokyo", minimums },
    startedAt,
  );
  const pays = { kind: "percentage" as const, ratePpm: 500_000n };
  const rule = { programId, sourceId: null, name: "Traveller share", base: "reward" as const, holdDays: HOLD_DAYS };
  await addRuleVersion(tx, { ...rule, pays, effectiveFrom: startedAt }, startedAt);
  return programId;
}

async function connect(tx: Tx, programId: string, plan: SourcePlan, startedAt: Date): Promise<DemoSource> {
  const secret = plan.isSigned ? randomBytes(24).toString("hex") : null;
  const { name, dialect: network, currency: defaultCurrency } = plan;
  const source = await createSource(
    tx,
    { programId, name, network, signingSecret: secret, defaultCurrency },
    startedAt,
  );
  return { ...plan, ...source, secret };
}

async function join(
  tx: Tx,
  person: Person,
  externalId: string,
  { programs, sources }: Pick<DemoOrganization, "programs" | "sources">,
  joinedAt: Date,
): Promise<string> {
  const { name, locale, timeZone } = person;
  const email = `${handleOf(person)}@example.com`;
  const affiliateId = await createAffiliate(tx, { name, email, externalId, locale, timeZone }, joinedAt);
  const theirs = sources.filter((source) => person.currencies.includes(source.currency));
  for (const program of new Set(theirs.map((source) => source.program))) {
    await enrol(tx, { programId: programs[program], affiliateId }, joinedAt);
  }
  for (const source of theirs) {
    const link = {
      programId: programs[source.program],
      sourceId: source.id,
      affiliateId,
      slug: slugOf(person, source),
    };
    // Awin's own name for its sub-id, and the usual one elsewhere.
    const subIdParameter = source.dialect === "awin" ? "clickref" : "sub1";
    await createLink(tx, { ...link, destinationUrl: source.shop, subIdParameter }, joinedAt);
  }
  return affiliateId;
}
