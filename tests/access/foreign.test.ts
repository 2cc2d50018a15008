import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Actor, addMembership, createUser } from "@/server/access";
import { invite } from "@/server/access/invite";
import { queryRows } from "@/server/db";
import { createInbox, handlePostback } from "@/server/deliveries";
import { queueMails } from "@/server/mail";
import { createCallerFactory } from "@/server/trpc/init";
import { appRouter } from "@/server/trpc/router";
import { openDesk } from "@/tests/payouts/desk";
import { fakeRail, lost } from "@/tests/payouts/fake-rail";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

// Two organizations with two affiliates each. Strangers ask every procedure for what is the first affiliate's of the first organization, by its very
// ids: nothing of it may come back, and nothing of it may change.

type Desk = Awaited<ReturnType<typeof openDesk>>;

const someone = { userId: "", name: "Eve" };

let opened: TestDatabase;
let victim: Desk;
let stranger: Desk;
let ids: Record<
  "conversion" | "delivery" | "draft" | "batch" | "payout" | "attempt" | "task" | "mail" | "invitation" | "user",
  string
>;

beforeAll(async () => {
  opened = await openTestDatabase("pglite");
  victim = await openDesk(opened, 2);
  stranger = await openDesk(opened, 2);
  await stranger.earn({ member: 1, order: "stranger's", minor: 100n });
  ids = await live(victim);
  // Really an owner, there: what looks for his rights by his id alone finds them.
  await opened.database.asOwner(async (tx) => {
    someone.userId = await createUser(tx, { name: "Eve", email: "eve@example.com", password: null }, victim.now());
    const eve = { userId: someone.userId, organizationId: stranger.org.orgId, role: "owner" as const };
    await addMembership(tx, eve, victim.now());
  });
});
afterAll(() => opened.close());

/** One of everything: paid, lost on the way, drafted, in quarantine, told, asked to join. */
async function live(desk: Desk): Promise<typeof ids> {
  const { orgId, source } = desk.org;
  await desk.earn({ member: 1, order: "first", minor: 5000n }, { member: 2, order: "neighbour's", minor: 5000n });
  const { batchId: batch } = await desk.plan();
  await desk.approve(batch);
  const claim = await desk.claim(batch, fakeRail());
  await desk.record(claim?.attemptId ?? "", lost());
  desk.pass(1000);
  await desk.earn({ member: 1, order: "second", minor: 5000n });
  const { batchId: draft } = await desk.plan();
  const door = { inbox: createInbox(opened.database, desk.now, () => {}), clock: desk.now, admit: () => 0 };
  const answer = await handlePostback(new Request("http://localhost/?nonsense=1"), source.token, door);
  const { delivery } = (await answer.json()) as { delivery: string };
  const content = { subject: "Paid", html: "<p>50</p>", text: "50", eventAt: desk.now() };
  const about = { cause: "payout:1", template: "payout_sent" as const, recipient: "a@example.com" };
  await desk.inOrg((tx) => queueMails(tx, [{ ...about, ...content, affiliateId: desk.affiliateId(1) }], desk.now()));
  const { user, invitation } = await opened.database.asOwner(async (tx) => {
    const user = await createUser(tx, { name: "Vic", email: "vic@example.com", password: null }, desk.now());
    await addMembership(tx, { userId: user, organizationId: orgId, role: "finance" }, desk.now());
    const by = { userId: user, role: "owner" as const };
    const wanted = { organizationId: orgId, by, name: "Ida", email: "ida@example.com", role: "viewer" as const };
    return { user, invitation: await invite(tx, wanted, desk.now()) };
  });
  const one = async (statement: ReturnType<typeof sql>) => (await desk.rows<{ id: string }>(statement))[0]?.id ?? "";
  const payouts = await desk.payouts(batch);
  return {
    conversion: await one(sql`select id from conversions where external_id = 'first'`),
    delivery,
    draft,
    batch,
    payout: payouts.find(({ member }) => member === "member-1")?.id ?? "",
    attempt: claim?.attemptId ?? "",
    task: await one(sql`select id from tasks`),
    mail: await one(sql`select id from mails`),
    invitation,
    user,
  };
}

/** What a stranger asks for; a function for what is known only now. Without an input: whatever is theirs. */
const ASKED: Record<string, (() => object) | undefined> = {
  "activity.latest": () => ({ limit: 100 }),
  "conversions.list": () => ({ affiliateId: victim.affiliateId(1), order: "first" }),
  "conversions.trace": () => ({ conversionId: ids.conversion }),
  "deliveries.get": () => ({ deliveryId: ids.delivery }),
  "deliveries.list": () => ({}),
  "deliveries.replay": () => ({ deliveryId: ids.delivery }),
  "mail.get": () => ({ mailId: ids.mail }),
  "mail.list": () => ({}),
  "mail.resend": () => ({ mailId: ids.mail }),
  "overview.balanceLines": () => ({ balance: "held", currency: "EUR", affiliateId: victim.affiliateId(1) }),
  "overview.balances": undefined,
  "overview.firstPostback": undefined,
  "overview.proof": undefined,
  "overview.waiting": undefined,
  "payouts.attention": () => ({ kind: "unknown" }),
  "payouts.batches.approve": () => ({ batchId: ids.draft }),
  "payouts.batches.discard": () => ({ batchId: ids.draft }),
  "payouts.batches.findings": () => ({ batchId: ids.draft }),
  "payouts.batches.get": () => ({ batchId: ids.batch }),
  "payouts.batches.list": () => ({}),
  "payouts.batches.payouts": () => ({ batchId: ids.batch }),
  "payouts.batches.plan": () => ({ programId: victim.org.programId, currency: "EUR" }),
  "payouts.batches.retry": () => ({ payoutIds: [ids.payout] }),
  "payouts.batches.retryable": () => ({ batchId: ids.batch }),
  "payouts.get": () => ({ payoutId: ids.payout }),
  "people.change": () => ({ userId: ids.user, to: "viewer" }),
  "people.invite": () => ({ name: "Ida", email: "ida@example.com", role: "viewer" }),
  "people.list": undefined,
  "people.revoke": () => ({ invitationId: ids.invitation }),
  "portal.balanceLines": () => ({ balance: "paid", currency: "EUR" }),
  "portal.balances": undefined,
  "portal.earning": () => ({ conversionId: ids.conversion }),
  "portal.earnings": () => ({}),
  "portalPayouts.destination": undefined,
  "portalPayouts.get": () => ({ payoutId: ids.payout }),
  "portalPayouts.lastBatch": undefined,
  "portalPayouts.list": () => ({}),
  "portalPayouts.setDestination": () => ({ receiver: "thief@example.com" }),
  "programs.list": undefined,
  "sources.addresses": undefined,
  "sources.list": undefined,
  "tasks.close": () => ({ taskId: ids.task, note: "nothing to see" }),
  "tasks.count": undefined,
  "tasks.list": () => ({}),
  "tasks.resolveUnknown": () => ({ attemptId: ids.attempt, found: { kind: "not_accepted" }, note: "never sent" }),
};
/** The stream is of the same rows as `latest`, and has tests of its own; an invitation is for whoever has its link. */
const LEFT_OUT = ["activity.stream", "invitation.accept", "invitation.get"];

async function ask(name: string, actor: Actor): Promise<unknown> {
  const caller = createCallerFactory(appRouter)({
    actor,
    database: opened.database,
    clock: victim.now,
    rails: [fakeRail()],
    send: async () => {},
  });
  const call = name.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], caller);
  return (call as (input: unknown) => Promise<unknown>)(ASKED[name]?.()).catch((error) => {
    // An input of the wrong shape would prove nothing.
    expect(error.code).not.toBe("BAD_REQUEST");
    return { refused: String(error) };
  });
}

/** Every row of an organization, as one figure; of its first affiliate only, when asked for what a neighbour must not touch. */
async function stateOf(desk: Desk, affiliateId?: string): Promise<Record<string, string>> {
  return opened.database.asOwner(async (tx) => {
    const tables = await queryRows<{ name: string; is_of_affiliate: boolean }>(
      tx,
      sql`select c.relname::text as name, exists (select from pg_attribute b where b.attrelid = c.oid and b.attname = 'affiliate_id') as is_of_affiliate
          from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname in ('org_id', 'organization_id')
          where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`,
    );
    const state: Record<string, string> = {};
    for (const { name, is_of_affiliate } of tables) {
      if (affiliateId !== undefined && !is_of_affiliate) continue;
      const own = affiliateId === undefined ? sql`true` : sql`affiliate_id = ${affiliateId}`;
      const [row] = await queryRows<{ figure: string }>(
        tx,
        sql`select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as figure from ${sql.identifier(name)} t
            where to_jsonb(t) ->> (case when to_jsonb(t) ? 'org_id' then 'org_id' else 'organization_id' end) = ${desk.org.orgId} and ${own}`,
      );
      state[name] = row?.figure ?? "";
    }
    return state;
  });
}

/** The ids of what is not the asker's, which no answer may hold unless the asker said it himself. */
async function idsOf(desk: Desk, affiliateId?: string): Promise<string[]> {
  const own = affiliateId === undefined ? sql`true` : sql`affiliate_id = ${affiliateId}`;
  const parts = ["conversions", "commissions", "payouts", "mails"].map(
    (table) => sql`select id from ${sql.identifier(table)} where org_id = ${desk.org.orgId} and ${own}`,
  );
  const whole =
    affiliateId === undefined ? ["deliveries", "payout_batches", "tasks", "affiliates", "sources", "programs"] : [];
  const more = whole.map((table) => sql`select id from ${sql.identifier(table)} where org_id = ${desk.org.orgId}`);
  const rows = await opened.database.asOwner((tx) =>
    queryRows<{ id: string }>(tx, sql.join([...parts, ...more], sql` union all `)),
  );
  return rows.map(({ id }) => id);
}

test("every procedure is asked", () => {
  expect([...Object.keys(ASKED), ...LEFT_OUT].sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
});

const asText = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
const operators = Object.keys(ASKED).filter((name) => !name.startsWith("portal"));
const portals = Object.keys(ASKED).filter((name) => /^(portal|activity)/.test(name));

describe("the owner himself is answered: the ids are right", () => {
  test.each(operators.filter((name) => name.match(/(get|trace|list|findings|payouts|retryable)$/)))(
    "%s",
    async (name) => {
      const answer = await ask(name, { ...someone, orgId: victim.org.orgId, side: "operator", role: "owner" });
      expect(answer).not.toHaveProperty("refused");
    },
  );
});

describe("the owner of another organization", () => {
  test.each(operators)("%s", async (name) => {
    const before = await stateOf(victim);
    const answer = await ask(name, { ...someone, orgId: stranger.org.orgId, side: "operator", role: "owner" });
    const said = JSON.stringify(answer, asText);
    if (!said.startsWith('{"refused"')) for (const id of await idsOf(victim)) expect(said).not.toContain(id);
    expect(said).not.toContain("vic@example.com");
    expect(await stateOf(victim)).toEqual(before);
  });
});

describe.each(["another affiliate of the organization", "an affiliate of another organization"])("%s", (who) => {
  test.each(portals)("%s", async (name) => {
    const desk = who.startsWith("another") ? victim : stranger;
    const first = victim.affiliateId(1);
    const before = await stateOf(victim, first);
    const actor: Actor = { ...someone, orgId: desk.org.orgId, side: "affiliate", affiliateId: desk.affiliateId(2) };
    const said = JSON.stringify(await ask(name, actor), asText);
    if (!said.startsWith('{"refused"')) for (const id of await idsOf(victim, first)) expect(said).not.toContain(id);
    expect(said).not.toContain(victim.org.affiliates[0]?.email);
    expect(await stateOf(victim, first)).toEqual(before);
  });
});
