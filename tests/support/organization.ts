import { createAffiliate, enrol } from "@/server/affiliates";
import { createLink } from "@/server/attribution";
import type { Database } from "@/server/db";
import { createOrganization } from "@/server/organizations";
import { addRuleVersion, createProgram } from "@/server/programs";
import { createSource } from "@/server/sources";

/** What a flow begins with: one organization with a program, a rule, a source and enrolled affiliates. */
export type TestOrganization = {
  orgId: string;
  programId: string;
  source: { id: string; token: string };
  affiliates: { id: string; email: string; slug: string }[];
};

export type OrganizationOptions = {
  affiliates?: number;
  ratePpm?: bigint;
  base?: "sale" | "reward";
  holdDays?: number;
  network?: string;
  signingSecret?: string | null;
  minimumMinor?: bigint;
};

/** Sets one up through the product's own verbs. */
export async function setUpOrganization(
  database: Database,
  now: Date,
  options: OrganizationOptions = {},
): Promise<TestOrganization> {
  const orgId = await database.asOwner((tx) => createOrganization(tx, { name: "Test organization" }, now));
  return database.inOrganization(orgId, async (tx) => {
    const minimums = ["EUR", "USD", "JPY"].map((currency) => ({ minor: options.minimumMinor ?? 1_000n, currency }));
    const programId = await createProgram(
      tx,
      { name: "Shoes", currency: "EUR", timeZone: "Europe/Berlin", minimums },
      now,
    );
    await addRuleVersion(
      tx,
      {
        programId,
        sourceId: null,
        name: "Standard share",
        base: options.base ?? "reward",
        pays: { kind: "percentage", ratePpm: options.ratePpm ?? 500_000n },
        holdDays: options.holdDays ?? 30,
        effectiveFrom: new Date("2020-01-01T00:00:00Z"),
      },
      now,
    );
    const source = await createSource(
      tx,
      {
        programId,
        name: "Generic network",
        network: options.network ?? "generic",
        signingSecret: options.signingSecret ?? null,
        defaultCurrency: "EUR",
      },
      now,
    );
    const affiliates = [];
    for (let n = 1; n <= (options.affiliates ?? 1); n++) {
      const email = `affiliate-${n}@example.com`;
      const id = await createAffiliate(tx, { name: `Affiliate ${n}`, email, externalId: `member-${n}` }, now);
      await enrol(tx, { programId, affiliateId: id }, now);
      const slug = `shoes-${orgId.slice(-8)}-${n}`;
      await createLink(
        tx,
        {
          programId,
          sourceId: source.id,
          affiliateId: id,
          slug,
          destinationUrl: "https://shop.example/shoes?ref=1",
          subIdParameter: "clickref",
        },
        now,
      );
      affiliates.push({ id, email, slug });
    }
    return { orgId, programId, source, affiliates };
  });
}
