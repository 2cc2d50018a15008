import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/server/access";
import { recordConversions } from "@/server/conversions";
import { applyReports } from "@/server/payouts";
import { addRuleVersion } from "@/server/programs";
import { createSource } from "@/server/sources";
import { createCallerFactory } from "@/server/trpc/init";
import { appRouter } from "@/server/trpc/router";
import { openDesk } from "@/tests/payouts/desk";
import { fakeRail, says } from "@/tests/payouts/fake-rail";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

let opened: TestDatabase;
let desk: Awaited<ReturnType<typeof openDesk>>;

const REFUSAL = { errorCode: "RECEIVER_UNREGISTERED", errorMessage: "Receiver is unregistered" };

beforeAll(async () => {
  opened = await openTestDatabase("pglite");
  desk = await openDesk(opened, 2);
  await desk.inOrg(async (tx) => {
    const terms = { programId: desk.org.programId, base: "reward" as const, holdDays: 0 };
    const effectiveFrom = new Date("2020-01-01T00:00:00Z");
    const flat = { kind: "flat" as const, amount: { minor: 200n, currency: "EUR" } };
    const half = { kind: "percentage" as const, ratePpm: 500_000n };
    const other = await createSource(
      tx,
      {
        programId: desk.org.programId,
        name: "Other network",
        network: "generic",
        signingSecret: null,
        defaultCurrency: "EUR",
      },
      desk.now(),
    );
    await addRuleVersion(
      tx,
      { ...terms, name: "Flat", sourceId: desk.org.source.id, pays: flat, effectiveFrom },
      desk.now(),
    );
    await addRuleVersion(tx, { ...terms, name: "Half", sourceId: other.id, pays: half, effectiveFrom }, desk.now());
    await recordConversions(
      tx,
      [
        {
          deliveryId: "dlv_share",
          sourceId: other.id,
          programId: desk.org.programId,
          trust: "confirmed",
          receivedAt: desk.now(),
          report: {
            externalId: "share",
            status: "approved",
            reward: { minor: 4680n, currency: "EUR" },
            subIds: { sub1: "member-1" },
            occurredAt: desk.now(),
          },
        },
      ],
      desk.now(),
    );
  });
});
afterAll(() => opened.close());

const callAs = (actor: Actor, signal?: AbortSignal) =>
  createCallerFactory(appRouter)(
    { actor, database: opened.database, clock: desk.now, rails: [fakeRail()], send: async () => {} },
    { signal },
  );
const operator = () =>
  callAs({ side: "operator", role: "owner", userId: "usr_1", name: "Olive Operator", orgId: desk.org.orgId });
const member = (): Actor => ({
  side: "affiliate",
  userId: "usr_2",
  name: "Ben",
  orgId: desk.org.orgId,
  affiliateId: desk.affiliateId(1),
});

/** Rewards of 12.34 and 46.80; orders in every state; a payout refused by the rail, retried by an operator and refused again. */
async function liveThroughEverything() {
  const order = (name: string, status?: "pending" | "declined") => ({ member: 1, order: name, minor: 1234n, status });
  await desk.earn(order("paid"), order("held", "pending"), order("gone", "declined"), { ...order("his"), member: 2 });
  for (let n = 0; n < 4; n++) await desk.earn(order(`more-${n}`));
  await desk.earn({ ...order("paid"), minor: 1234n, status: "pending" }, order("paid"));
  const { payouts, attemptId, batchId } = await desk.payOut();
  const mine = payouts.find(({ member: who }) => who === "member-1")?.id ?? "";
  desk.pass(1000);
  await desk.inOrg((tx) =>
    applyReports(tx, { attemptId, items: [says(mine, "UNCLAIMED", REFUSAL), says(mine, "ONHOLD")] }, desk.now()),
  );
  await desk.inOrg((tx) => applyReports(tx, { attemptId, items: [says(mine, "RETURNED", REFUSAL)] }, desk.now()));
  const { retried } = await operator().payouts.batches.retry({ payoutIds: [mine] });
  const claim = await desk.claim(batchId, fakeRail());
  await desk.record(claim?.attemptId ?? "", { kind: "accepted", providerBatchId: "PB-2", raw: "{}" });
  const retry = retried[0]?.retryId ?? "";
  await desk.inOrg((tx) =>
    applyReports(tx, { attemptId: claim?.attemptId ?? "", items: [says(retry, "FAILED", REFUSAL)] }, desk.now()),
  );
  return { failed: retry, returned: mine };
}

test("no answer that an affiliate can get holds the reward, the trust, another affiliate, the rail's words or an operator's name", async () => {
  const actor = member();
  const { portal, portalPayouts, activity } = callAs(actor);
  const hangUp = new AbortController();
  const heard: unknown[] = [];
  const stream = await callAs(actor, hangUp.signal).activity.stream({ lastEventId: "0-0" });
  const { failed, returned } = await liveThroughEverything();

  const { rows: earnings } = await portal.earnings({});
  expect(earnings.length).toBeGreaterThan(6);
  const answers: Record<string, () => Promise<unknown>> = {
    "portal.balances": () => portal.balances(),
    "portal.balanceLines": () =>
      Promise.all(
        (["held", "payable", "inTransit", "paid"] as const).map((balance) =>
          portal.balanceLines({ balance, currency: "EUR" }),
        ),
      ),
    "portal.earnings": async () => earnings,
    "portal.earning": () => Promise.all(earnings.map(({ id }) => portal.earning({ conversionId: id }))),
    "portalPayouts.list": () => portalPayouts.list({}),
    "portalPayouts.get": () => Promise.all([failed, returned].map((payoutId) => portalPayouts.get({ payoutId }))),
    "portalPayouts.lastBatch": () => portalPayouts.lastBatch(),
    "portalPayouts.destination": () => portalPayouts.destination(),
    "portalPayouts.setDestination": () => portalPayouts.setDestination({ receiver: "new@example.com" }),
    "activity.latest": () => activity.latest({ limit: 100 }),
    "activity.stream": async () => {
      for await (const message of stream) {
        heard.push(message);
        if (JSON.stringify(message, asText).includes(failed) && heard.length > 20) hangUp.abort();
      }
      return heard;
    },
  };
  const open = Object.keys(appRouter._def.procedures).filter((name) => /^(portal|portalPayouts|activity)\./.test(name));
  expect(open.sort(), "every procedure that an affiliate may call is asked here").toEqual(Object.keys(answers).sort());
  for (const [name, ask] of Object.entries(answers)) {
    const said = JSON.stringify(await ask(), asText);
    for (const [what, secret] of Object.entries(secrets())) expect(said, `${name} tells ${what}`).not.toMatch(secret);
  }
});

test("an affiliate is told in words of ours why a payout failed and what to do", async () => {
  const { portal, portalPayouts } = callAs(member());
  const [latest] = await portalPayouts.list({});
  expect(latest).toMatchObject({ state: "failed", why: expect.stringContaining("no PayPal account") });
  const { rows } = await portal.earnings({});
  const paid = rows.find(({ externalId }) => externalId === "paid");
  expect(paid?.stage.sentence).toContain("no PayPal account");
  const shares = rows.filter(({ externalId }) => externalId === "share" || externalId === "paid");
  expect(shares.map(({ explanation }) => explanation).sort()).toEqual([
    '23.40 EUR is your share of what Other network pays for the order (rule "Half", version 1).',
    'A flat 2.00 EUR for each approved order (rule "Flat", version 1).',
  ]);
});

const secrets = () => ({
  "the reward": /reward"?:|12\.?34|46\.?80|of the reward/,
  "the trust": /"trust"|confirmed by the source"?:/,
  "another affiliate": new RegExp(`Affiliate 2|member-2|affiliate-2|${desk.affiliateId(2)}|"his"`),
  "the rail's words": /UNREGISTERED|is unregistered|RETURNED|FAILED|ONHOLD|UNCLAIMED|PB-|providerStatus/,
  "an operator": /Olive|usr_1/,
});

function asText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
