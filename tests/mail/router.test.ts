import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "@/server/access";
import { queueMails } from "@/server/mail";
import { claimMail } from "@/server/mail/claim-mail";
import { recordSending } from "@/server/mail/record-sending";
import { mailRouter } from "@/server/mail/router";
import { createCallerFactory, router } from "@/server/trpc/init";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { type MailBench, openBench } from "./open-bench";

const createCaller = createCallerFactory(router({ mail: mailRouter }));

let opened: TestDatabase;
let bench: MailBench;
const sent: unknown[] = [];
beforeAll(async () => {
  opened = await openTestDatabase("pglite");
});
afterAll(() => opened.close());
beforeEach(async () => {
  bench = await openBench(opened.database, "2026-03-02T08:00:00Z", 2);
  sent.length = 0;
});

function as(actor: Actor) {
  const send = async (event: { data: unknown }) => {
    sent.push(event.data);
  };
  return createCaller({ actor, database: opened.database, clock: () => bench.now, rails: [], send }).mail;
}
const anna = (orgId = bench.orgId) => as({ side: "operator", role: "owner", userId: "usr_1", name: "Anna", orgId });

/** Mails to some receivers, a minute apart, each sent with an outcome of its own; null: not tried. */
async function outbox(mails: { to: string; outcome: "sent" | "refused" | "unknown" | null }[]) {
  for (const [index, { to, outcome }] of mails.entries()) {
    bench.now = new Date(bench.now.getTime() + 60_000);
    const content = { subject: `About ${index}`, html: "<p>€2.40</p>", text: "€2.40", eventAt: bench.now };
    const affiliateId = bench.affiliates[0]?.id ?? "";
    const mail = { cause: `mail:${index}`, template: "payout_sent" as const, affiliateId, recipient: to, ...content };
    await bench.in((tx) => queueMails(tx, [mail], bench.now));
    if (outcome === null) continue;
    await bench.in(async (tx) => {
      const claimed = await claimMail(tx, bench.now);
      if (!claimed) throw new Error("nothing was queued");
      const said = outcome === "sent" ? { kind: outcome } : { kind: outcome, reason: "no such mailbox" };
      await recordSending(tx, { mail: claimed, outcome: said }, bench.now);
    });
  }
}

test("the outbox lists newest first what went to whom and what became of it, by state, by receiver and page by page", async () => {
  await outbox([
    { to: "Ada@example.com", outcome: "sent" },
    { to: "ben@example.com", outcome: "refused" },
    { to: "adele@example.com", outcome: "unknown" },
    { to: "ada@example.com", outcome: null },
  ]);
  const first = await anna().list({ limit: 3 });
  const rest = await anna().list({ limit: 3, cursor: first.nextCursor });
  expect([...first.rows, ...rest.rows].map(({ recipient, state }) => `${recipient} ${state}`)).toEqual([
    "ada@example.com queued",
    "adele@example.com unknown",
    "ben@example.com failed",
    "Ada@example.com sent",
  ]);
  expect(first.rows[2]).toMatchObject({ reason: "no such mailbox", subject: "About 1", tries: 1 });
  expect((await anna().list({ state: "failed" })).rows.map(({ subject }) => subject)).toEqual(["About 1"]);
  expect((await anna().list({ recipient: "ada@" })).rows.map(({ subject }) => subject)).toEqual(["About 3", "About 0"]);
  expect((await anna().list({ recipient: "%" })).rows).toEqual([]);
  expect(await anna().get({ mailId: first.rows[0]?.id ?? "" })).toMatchObject({ text: "€2.40", state: "queued" });
});

test("what did not arrive is sent again under the operator's name, and nothing else is", async () => {
  await outbox([
    { to: "ada@example.com", outcome: "sent" },
    { to: "ben@example.com", outcome: "refused" },
  ]);
  const [failed, arrived] = (await anna().list({})).rows;
  await anna().resend({ mailId: failed?.id ?? "" });
  expect(sent).toEqual([{ orgId: bench.orgId }]);
  expect(await anna().get({ mailId: failed?.id ?? "" })).toMatchObject({
    state: "queued",
    tries: 0,
    reason: "sent again by Anna",
  });
  await expect(anna().resend({ mailId: arrived?.id ?? "" })).rejects.toThrow("is sent; only a failed or unknown mail");
});

test("the outbox is nobody's but the operators' of the organization", async () => {
  await outbox([{ to: "ben@example.com", outcome: "refused" }]);
  const mailId = (await anna().list({})).rows[0]?.id ?? "";
  const stranger = await openBench(opened.database, "2026-03-02T08:00:00Z");
  expect((await anna(stranger.orgId).list({})).rows).toEqual([]);
  await expect(anna(stranger.orgId).get({ mailId })).rejects.toThrow(`mail ${mailId} does not exist`);
  await expect(anna(stranger.orgId).resend({ mailId })).rejects.toThrow(`mail ${mailId} does not exist`);
  const affiliateId = bench.affiliates[0]?.id ?? "";
  const member = as({ side: "affiliate", userId: "usr_2", name: "Ben", orgId: bench.orgId, affiliateId });
  await expect(member.list({})).rejects.toThrow("this is not for affiliates");
});
