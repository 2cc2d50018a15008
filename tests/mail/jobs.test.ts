import { afterAll, beforeAll, expect, test } from "vitest";
import { releaseHolds } from "@/server/commissions";
import { createMailTransport } from "@/server/mail";
import { mailJobs } from "@/server/mail/jobs";
import { engineBench, testClock } from "@/tests/engine/driver";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { openBench, payOut, readable } from "./open-bench";
import { openSmtpSink } from "./smtp-sink";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase("pglite");
}, 60_000);
afterAll(() => opened.close());

test("on the embedded engine a digest and a payout reach the affiliate by themselves, each once", async () => {
  const clock = testClock();
  const org = await openBench(opened.database, clock.now().toISOString());
  const affiliateId = org.affiliates[0]?.id ?? "";
  await org.report("1", "approved", 480n);
  org.now = new Date(org.now.getTime() + 31 * 86_400_000);
  await org.in((tx) => releaseHolds(tx, { limit: 10 }, org.now));
  const payoutId = await payOut(org, affiliateId);
  clock.forward(31 * 86_400_000);

  const sink = await openSmtpSink();
  const transport = createMailTransport({ mode: "production", smtpUrl: sink.url, mailFrom: "pay@club.example" });
  const { engine, client, attach } = engineBench(opened.database, { clock });
  await attach(
    mailJobs({
      inngest: client,
      database: opened.database,
      clock: clock.now,
      mail: { transport, appUrl: "http://localhost" },
    }),
  );
  // 08:00:30 (the engine learns its crons), 08:02, 13:06 and twice more.
  for (const minutes of [1.5, 304, 6, 6]) {
    await engine.drain();
    clock.forward(minutes * 60_000);
  }
  await engine.drain();
  await sink.close();
  const mails = await org.mails();
  expect(mails.map(({ cause, state }) => [cause, state])).toEqual([
    [`payout:${payoutId}:paid`, "sent"],
    [`digest:${affiliateId}:2026-04-02T13:00:00.000Z`, "sent"],
  ]);
  expect(sink.taken).toHaveLength(2);
  expect(readable(mails[1]?.text ?? "")).toContain(
    "Order 1 at Shoes: €2.40 reported and approved, then payable, as the hold has ended. It goes into your next payout.",
  );
}, 60_000);
