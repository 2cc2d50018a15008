import { afterAll, beforeAll, expect, test } from "vitest";
import { planDigests } from "@/server/mail";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { openBench } from "./open-bench";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase("postgres");
});
afterAll(() => opened.close());

test("planners of two slots at once tell every movement once", async () => {
  const bench = await openBench(opened.database, "2026-03-02T07:00:00Z", 8);
  for (let affiliate = 1; affiliate <= 8; affiliate++) {
    bench.now = new Date("2026-03-02T09:00:00Z");
    await bench.report(`morning-${affiliate}`, "approved", 480n, { affiliate });
    bench.now = new Date("2026-03-02T14:00:00Z");
    await bench.report(`afternoon-${affiliate}`, "approved", 480n, { affiliate });
  }
  const plan = (time: string) =>
    bench.in((tx) => planDigests(tx, { limit: 3, after: null, appUrl: "" }, new Date(time)));
  for (let round = 0; round < 8; round++) {
    await Promise.all([plan("2026-03-02T13:05:00Z"), plan("2026-03-02T18:05:00Z"), plan("2026-03-02T13:06:00Z")]);
  }
  const texts = (await bench.mails()).map((mail) => mail.text);
  for (let affiliate = 1; affiliate <= 8; affiliate++) {
    for (const order of [`Order morning-${affiliate} `, `Order afternoon-${affiliate} `]) {
      expect(texts.filter((text) => text.includes(order))).toHaveLength(1);
    }
  }
});
