import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import type { ReadyDemo } from "@/scripts/demo/demo-state";
import { addMembership, createUser } from "@/server/access";
import { setDestination } from "@/server/affiliates";
import type { Database } from "@/server/db";
import { assertInvariant } from "@/server/errors";
import { planDigests, sendMails } from "@/server/mail";
import type { Rail } from "@/server/rails";
import { makeHistory } from "./make-history";
import { type Desk, holdPayDay, lookAtOpen, outbox } from "./pay-day";
import { handleOf, people, receiverOf } from "./people";
import { HISTORY_DAYS, planHistory } from "./plan-history";
import { type DemoOrganization, setUpDemo, slugOf } from "./set-up";

export type SeedOptions = {
  /** When the history ends. */
  now: Date;
  rail: Rail;
  /** null: real time again. */
  setProviderClock(at: Date | null): void;
  appUrl: string;
};

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/** Days before now. The next pay day is the visitor's. */
const PAY_DAYS_AGO = [86, 56, 26];
/** When digests go out in the demo's past; every few hours, as in life, would be thousands of mails. */
const DIGEST_DAYS_AGO = [25, 1];
/** The person whose money came back gives another address. */
const NEW_DESTINATION_DAYS_AGO = 50;

/** Fills an empty, migrated database with the demo: an organization, its people, and months of history made by the product's own verbs
 *  on a moving clock. Marks the database as demo data last. Returns what a launcher needs. */
export async function seedDemo(database: Database, options: SeedOptions): Promise<ReadyDemo> {
  const { now } = options;
  const startedAt = daysBefore(now, HISTORY_DAYS);
  const organization = await setUpDemo(database, startedAt, now);
  const users = await addUsers(database, organization, startedAt);
  await setDestinations(database, organization, now);
  const desk = { ...options, database, orgId: organization.orgId, operatorId: users.operatorId };
  const deeds = new Map([
    ...PAY_DAYS_AGO.map(
      (days) => [morning(now, days).getTime(), (at: Date) => payDay(desk, organization, at)] as const,
    ),
    ...DIGEST_DAYS_AGO.map(
      (days) => [morning(now, days).getTime() + HOUR_MS, (at: Date) => sendDigests(desk, at)] as const,
    ),
    [
      morning(now, NEW_DESTINATION_DAYS_AGO).getTime(),
      (at: Date) => changeDestination(desk, organization, at),
    ] as const,
  ]);
  const halts = [...deeds.keys()].sort((a, b) => a - b).map((ms) => new Date(ms));
  await makeHistory(database, organization, { events: planHistory(now), halts, now }, async (at) =>
    deeds.get(at.getTime())?.(at),
  );
  await lookAtOpen(desk, now);
  options.setProviderClock(null);
  await database.asOwner((tx) =>
    tx.execute(sql`insert into installation (key, value) values ('demo', 'true') on conflict (key) do nothing`),
  );
  return { state: "ready", ...users.signIn, ...forVisitors(organization) };
}

async function addUsers(database: Database, { orgId, affiliates }: DemoOrganization, at: Date) {
  const [first] = affiliates;
  assertInvariant(first, "the demo has no people");
  const operator = { name: "Robin Ahlers", email: "operator@demo.example", password: newPassword() };
  const affiliate = {
    name: first.person.name,
    email: `${handleOf(first.person)}@example.com`,
    password: newPassword(),
  };
  const operatorId = await database.asOwner(async (tx) => {
    const userId = await createUser(tx, operator, at);
    await addMembership(tx, { userId, organizationId: orgId, role: "owner" }, at);
    const affiliateUserId = await createUser(tx, affiliate, at);
    await addMembership(
      tx,
      { userId: affiliateUserId, organizationId: orgId, role: "affiliate", affiliateId: first.id },
      at,
    );
    return userId;
  });
  return { operatorId, signIn: { operator, affiliate } };
}

async function setDestinations(database: Database, { orgId, affiliates }: DemoOrganization, now: Date): Promise<void> {
  await database.inOrganization(orgId, async (tx) => {
    for (const { id: affiliateId, person } of affiliates) {
      const receiver = receiverOf(person);
      const joinedAt = daysBefore(now, person.joinedDaysAgo ?? HISTORY_DAYS);
      if (receiver)
        await setDestination(tx, { affiliateId, rail: "paypal", receiver }, new Date(joinedAt.getTime() + HOUR_MS));
    }
  });
}

async function changeDestination({ database, orgId }: Desk, { affiliates }: DemoOrganization, at: Date): Promise<void> {
  const affiliate = affiliates.find(({ person }) => person.fate === "returned once");
  assertInvariant(affiliate, "nobody's money comes back in the demo");
  const receiver = `${handleOf(affiliate.person)}.new@example.com`;
  await database.inOrganization(orgId, (tx) =>
    setDestination(tx, { affiliateId: affiliate.id, rail: "paypal", receiver }, at),
  );
}

function payDay(desk: Desk, { programs }: DemoOrganization, at: Date): Promise<void> {
  const { cashback, travel } = programs;
  const runs = [
    { programId: cashback, currency: "EUR" },
    { programId: cashback, currency: "USD" },
    { programId: travel, currency: "JPY" },
  ];
  return holdPayDay(desk, runs, at);
}

async function sendDigests({ database, orgId, appUrl }: Desk, at: Date): Promise<void> {
  await database.inOrganization(orgId, (tx) => planDigests(tx, { limit: people.length, after: null, appUrl }, at));
  await sendMails({ database, clock: () => at, transport: outbox }, { orgId, limit: people.length });
}

/** What the launcher needs to know: where networks report to, whose links shoppers follow, what a visitor may send. */
function forVisitors({ sources, affiliates }: DemoOrganization): Pick<ReadyDemo, "sources" | "invitation"> {
  const [first] = affiliates;
  const open = sources.find((source) => source.secret === null && source.dialect === "generic");
  assertInvariant(first && open, "the demo has no people, or no source that takes unsigned postbacks");
  return {
    invitation: { token: open.token, subId: first.externalId },
    sources: sources.map((source) => ({
      name: source.key,
      dialect: source.dialect,
      token: source.token,
      secret: source.secret,
      currency: source.currency,
      habits: source.habits,
      slugs: affiliates
        .filter(({ person }) => person.currencies.includes(source.currency) && person.fate !== "below minimum")
        .map(({ person }) => slugOf(person, source)),
    })),
  };
}

function newPassword(): string {
  return randomBytes(12).toString("base64url");
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

/** 09:30 UTC of that day. */
function morning(now: Date, daysAgo: number): Date {
  const day = Math.floor(now.getTime() / DAY_MS) - daysAgo;
  return new Date(day * DAY_MS + 9.5 * HOUR_MS);
}
