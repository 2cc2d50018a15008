import { createHmac } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, queryRows, type Tx } from "@/server/db";
import { createInbox, handlePostback, type PostbackDoor, processDeliveries, replayDelivery } from "@/server/deliveries";
import { Refusal } from "@/server/errors";
import { createSource } from "@/server/sources";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";

const SECRET = "a-secret-of-enough-length";

describe.each(["pglite", "postgres"] as const)("the inbox on %s", (kind) => {
  let opened: TestDatabase;
  let org: TestOrganization;
  let signed: { id: string; token: string };
  let now = new Date("2026-03-01T10:00:00Z");
  const clock = () => now;

  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    org = await setUpOrganization(opened.database, now, { affiliates: 1 });
    const source = {
      programId: org.programId,
      name: "Signed",
      network: "generic",
      signingSecret: SECRET,
      defaultCurrency: "EUR",
    };
    signed = await opened.database.inOrganization(org.orgId, (tx) => createSource(tx, source, now));
  });
  afterAll(() => opened.close());

  const doorOn = (database: Database): PostbackDoor => ({
    inbox: createInbox(database, clock, () => {}),
    clock,
    admit: () => 0,
  });
  const inOrg = <T>(work: (tx: Tx) => Promise<T>) => opened.database.inOrganization(org.orgId, work);

  type Answer = { status: number; result: string; delivery: string; reason: string | null };

  async function get(query: string, source = org.source, door = doorOn(opened.database)): Promise<Answer> {
    const request = new Request(`http://localhost/api/postbacks/${source.token}?${query}`);
    const response = await handlePostback(request, source.token, door);
    return { status: response.status, ...((await response.json()) as Omit<Answer, "status">) };
  }

  /** Signed as the signature's own documentation says. */
  function sign(fields: Record<string, string>): string {
    const pairs = Object.entries({ ...fields, t: String(now.getTime() / 1000) }).map((pair) => pair.join("="));
    const sig = createHmac("sha256", SECRET).update(pairs.sort().join("&")).digest("hex");
    return [...pairs, `sig=${sig}`].join("&");
  }

  const pass = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1000);
  };
  const work = () => inOrg((tx) => processDeliveries(tx, { limit: 100 }, now));

  async function statusOf(order: string): Promise<string | undefined> {
    const [row] = await inOrg((tx) =>
      queryRows<{ network_status: string }>(
        tx,
        sql`select network_status from conversions where external_id = ${order}`,
      ),
    );
    return row?.network_status;
  }

  const sale = (order: string, more: Record<string, string>) => ({ transaction_id: order, payout: "9.00", ...more });

  test("a signed request that is sent again is a duplicate, whatever was said in between", async () => {
    const approved = sign(sale("S1", { status: "approved" }));
    const first = await get(approved, signed);
    expect(first).toMatchObject({ result: "accepted" });
    pass(50);
    expect(await get(sign(sale("S1", { status: "declined" })), signed)).toMatchObject({ result: "accepted" });
    pass(50);
    const again = await get(approved.split("&").reverse().join("&"), signed);
    expect(again).toMatchObject({ status: 200, result: "duplicate", reason: expect.stringContaining(first.delivery) });
    await work();
    expect(await statusOf("S1")).toBe("declined");
  });

  test("the same words signed anew are a duplicate, and after other words news", async () => {
    expect(await get(sign(sale("S2", { status: "approved" })), signed)).toMatchObject({ result: "accepted" });
    pass(10);
    expect(await get(sign(sale("S2", { status: "approved" })), signed)).toMatchObject({ result: "duplicate" });
    pass(10);
    expect(await get(sign(sale("S2", { status: "declined" })), signed)).toMatchObject({ result: "accepted" });
    pass(10);
    expect(await get(sign(sale("S2", { status: "approved" })), signed)).toMatchObject({ result: "accepted" });
    await work();
    expect(await statusOf("S2")).toBe("approved");
  });

  test("twenty copies of one signed request at once are one accepted and nineteen duplicates", async () => {
    const query = sign(sale("S3", { status: "approved" }));
    const doors = [doorOn(opened.database), doorOn(opened.database)];
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => get(query, signed, doors[n % 2])));
    expect(answers.map(({ result }) => result).sort()).toEqual(["accepted", ...Array(19).fill("duplicate")]);
  });

  test("a signed request in quarantine is looked at afresh when it comes again", async () => {
    const query = sign(sale("S4", { payout: "9,00x" }));
    expect(await get(query, signed)).toMatchObject({ result: "quarantined" });
    expect(await get(query, signed)).toMatchObject({ result: "quarantined" });
  });

  test("what was sent is stored and signed as it came, whatever the web server makes of it", async () => {
    const query = sign(sale("S5", { sub1: "O'Neil%20~%7E" }));
    const target = `/api/postbacks/${signed.token}?${query}`;
    const rewritten = `http://localhost/api/postbacks/${signed.token}?${new URLSearchParams(query)}`;
    const request = new Request(rewritten, { headers: { "x-tributary-target": target } });
    const answer = (await (await handlePostback(request, signed.token, doorOn(opened.database))).json()) as Answer;
    expect(answer).toMatchObject({ result: "accepted" });
    const [row] = await inOrg((tx) =>
      queryRows<{ target: string; headers: object }>(
        tx,
        sql`select target, headers from deliveries where id = ${answer.delivery}`,
      ),
    );
    expect(row).toEqual({ target: target.replace(signed.token, signed.id), headers: {} });
  });

  test("a replay does not put old words over newer ones", async () => {
    const old = await get("transaction_id=R1&payout=1,5,0&status=pending");
    expect(old).toMatchObject({ result: "quarantined" });
    expect(await get("transaction_id=R1&payout=1.50&status=approved")).toMatchObject({ result: "accepted" });
    await work();
    await withFormat("de", async () => {
      const readable = await get("transaction_id=R2&payout=1.50&status=pending");
      expect(readable.result).toBe("quarantined");
    });
    const later = await get("transaction_id=R2&payout=1.50&status=approved");
    const [quarantined] = await inOrg((tx) =>
      queryRows<{ id: string }>(
        tx,
        sql`select id from deliveries where result = 'quarantined' and target like '%transaction_id=R2%'`,
      ),
    );
    const replay = () => inOrg((tx) => replayDelivery(tx, { deliveryId: quarantined?.id ?? "", by: "Anna" }, now));
    await expect(replay()).rejects.toThrow(`was overtaken: ${later.delivery} spoke of R2`);
    await work();
    await expect(replay()).rejects.toThrow(/was overtaken/);
    expect(await statusOf("R2")).toBe("approved");
  });

  test("a replayed delivery is what the next request is compared with", async () => {
    expect(await get("transaction_id=R3&payout=2.00&status=approved")).toMatchObject({ result: "accepted" });
    let declined = "";
    await withFormat("de", async () => {
      declined = (await get("transaction_id=R3&payout=2.00&status=declined")).delivery;
    });
    const replayed = await inOrg((tx) => replayDelivery(tx, { deliveryId: declined, by: "Anna" }, now));
    expect(replayed.result).toBe("accepted");
    expect(await get("transaction_id=R3&payout=2.00&status=declined")).toMatchObject({ result: "duplicate" });
    expect(await get("transaction_id=R3&payout=2.00&status=approved")).toMatchObject({ result: "accepted" });
    await work();
    expect(await statusOf("R3")).toBe("approved");
  });

  /** Sources are trusted for two seconds by an inbox: each `get` here opens one of its own. */
  async function withFormat(format: "de" | "plain", act: () => Promise<void>): Promise<void> {
    const set = (to: string) =>
      inOrg((tx) => tx.execute(sql`update sources set amount_format = ${to} where id = ${org.source.id}`));
    await set(format);
    await act();
    await set("plain");
  }

  test("what is set aside while it is processed is told to the screens, and replayed by the clock of then", async () => {
    const ahead = new Date(now.getTime() + 3_600_000).toISOString();
    const { delivery } = await get(`transaction_id=F1&payout=1.00&ts=${encodeURIComponent(ahead)}`);
    await work();
    const told = await inOrg((tx) =>
      queryRows<{ kind: string }>(tx, sql`select kind from activity where subject_id = ${delivery}`),
    );
    expect(told).toEqual([{ kind: "delivery.quarantined" }]);
    pass(3_600);
    await inOrg((tx) => replayDelivery(tx, { deliveryId: delivery, by: "Anna" }, now));
    await work();
    expect(await statusOf("F1")).toBe("pending");
  });

  test("while the database is away everybody is told at once, in words that say nothing of it", async () => {
    let asked = 0;
    const gone: Database = {
      ...opened.database,
      asInboxOnce: () => {
        asked += 1;
        return Promise.reject(
          new Refusal("unavailable", "the database tributary at db.internal:5432 cannot be reached"),
        );
      },
    };
    const door = doorOn(gone);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => get(`transaction_id=D${n}&payout=1.00`, org.source, door)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    expect(answers[0]?.reason).not.toContain("db.internal");
    expect(asked).toBeLessThanOrEqual(4);
  });

  test("a request waits for the one before it about the same conversion, however long that takes to store", async () => {
    const began: (() => void)[] = [];
    const slow: Database = {
      ...opened.database,
      async asInboxOnce(act) {
        await new Promise<void>((go) => began.push(go));
        return opened.database.asInboxOnce(act);
      },
    };
    const door = doorOn(slow);
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const stored = async (statements: number) => {
      while (began.length < statements) await turn();
    };
    const first = get("transaction_id=O1&payout=1.00&status=approved", org.source, door);
    await stored(1);
    const second = get("transaction_id=O1&payout=1.00&status=declined", org.source, door);
    const other = get("transaction_id=O2&payout=1.00&status=approved", org.source, door);
    await stored(2);
    began[1]?.();
    await other;
    expect(began).toHaveLength(2);
    began[0]?.();
    expect((await first).result).toBe("accepted");
    await stored(3);
    began[2]?.();
    expect((await second).result).toBe("accepted");
    await work();
    expect(await statusOf("O1")).toBe("declined");
  });
});
