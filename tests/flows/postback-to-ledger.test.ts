import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handleVisit } from "@/server/attribution";
import { releaseHolds } from "@/server/commissions";
import { queryRows } from "@/server/db";
import { createInbox, handlePostback, type PostbackDoor, processDeliveries } from "@/server/deliveries";
import { totalsByKind, verifyLedger } from "@/server/ledger";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization, type TestOrganization } from "@/tests/support/organization";

describe.each(["pglite", "postgres", "neon"] as const)("a postback on %s", (kind) => {
  let opened: TestDatabase;
  let org: TestOrganization;
  let door: PostbackDoor;
  let now = new Date("2026-03-01T10:00:00Z");

  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    org = await setUpOrganization(opened.database, now, { affiliates: 2 });
    const clock = () => now;
    door = { inbox: createInbox(opened.database, clock, () => {}), clock, admit: () => 0 };
  });
  afterAll(() => opened.close());

  const inOrg = <T>(work: Parameters<typeof opened.database.inOrganization<T>>[1]) =>
    opened.database.inOrganization(org.orgId, work);

  async function post(query: string) {
    const url = `http://localhost/api/postbacks/${org.source.token}?${query}`;
    const response = await handlePostback(new Request(url), org.source.token, door);
    return {
      status: response.status,
      ...((await response.json()) as { result: string; delivery: string; reason: string | null }),
    };
  }

  const work = () => inOrg((tx) => processDeliveries(tx, { limit: 100 }, now));

  async function commissionOf(order: string) {
    const [row] = await inOrg((tx) =>
      queryRows<{ state: string; amount_minor: string; conversion_version: number }>(
        tx,
        sql`select m.state, m.amount_minor, c.version as conversion_version from conversions c join commissions m on m.conversion_id = c.id
            where c.external_id = ${order}`,
      ),
    );
    return row;
  }

  async function clickThrough() {
    const response = await handleVisit(new Request("http://localhost/go/x"), org.affiliates[0]?.slug ?? "", {
      database: opened.database,
      clock: () => now,
      admit: () => 0,
    });
    const location = new URL(response.headers.get("location") ?? "");
    expect(location.origin + location.pathname).toBe("https://shop.example/shoes");
    return location.searchParams.get("clickref") ?? "";
  }

  test("through a click becomes a held commission of half the reward, and the books balance", async () => {
    const click = await clickThrough();
    const answer = await post(
      `click_id=${click}&transaction_id=A1&payout=10.01&amount=100.00&currency=EUR&status=pending`,
    );
    expect(answer).toMatchObject({ status: 200, result: "accepted", reason: null });
    expect(await work()).toBe(1);
    expect(await commissionOf("A1")).toMatchObject({ state: "held", amount_minor: "500" });
    const totals = new Map((await inOrg(totalsByKind)).map((t) => [t.kind, t.total.minor]));
    expect(totals.get("network_receivable_claimed")).toBe(1001n);
    expect(totals.get("affiliate_held")).toBe(-500n);
    expect(totals.get("margin_held")).toBe(-501n);
    expect(await inOrg(verifyLedger)).toEqual([]);
  });

  test("reported with nothing first and with its amount later, is owed that amount", async () => {
    const order = "sub1=member-1&transaction_id=Z1&currency=EUR&status=pending";
    expect(await post(`${order}&payout=0.00`)).toMatchObject({ result: "accepted" });
    await work();
    expect(await post(`${order}&payout=3.00`)).toMatchObject({ result: "accepted" });
    await work();
    expect(await commissionOf("Z1")).toMatchObject({ state: "held", amount_minor: "150" });
    expect(await inOrg(verifyLedger)).toEqual([]);
  });

  test("sent again answers duplicate and moves no money", async () => {
    const before = await inOrg(totalsByKind);
    const query = "sub1=member-1&transaction_id=A2&payout=4.00&currency=EUR&status=approved";
    expect(await post(query)).toMatchObject({ result: "accepted" });
    expect(await post(query)).toMatchObject({ status: 200, result: "duplicate" });
    await work();
    expect(await post(query)).toMatchObject({ status: 200, result: "duplicate" });
    expect(await work()).toBe(0);
    const after = new Map((await inOrg(totalsByKind)).map((t) => [t.kind, t.total.minor]));
    const held = before.find((t) => t.kind === "affiliate_held")?.total.minor ?? 0n;
    expect(after.get("affiliate_held")).toBe(held - 200n);
  });

  test("approved, declined and approved again ends approved with three entries in its history", async () => {
    for (const status of ["approved", "declined", "approved"]) {
      expect(await post(`sub1=member-2&transaction_id=A3&payout=6.00&currency=EUR&status=${status}`)).toMatchObject({
        result: "accepted",
      });
    }
    await work();
    expect(await commissionOf("A3")).toMatchObject({ state: "held", amount_minor: "300", conversion_version: 3 });
    const effects = await inOrg((tx) =>
      queryRows<{ kind: string }>(
        tx,
        sql`select e.kind from commission_effects e join commissions m on m.id = e.commission_id join conversions c on c.id = m.conversion_id
            where c.external_id = 'A3' order by e.version`,
      ),
    );
    expect(effects.map((e) => e.kind)).toEqual(["accrue", "decline", "reinstate"]);
    expect(await inOrg(verifyLedger)).toEqual([]);
  });

  test("that is held and approved becomes payable when the hold has ended, not before", async () => {
    expect(await inOrg((tx) => releaseHolds(tx, { limit: 10 }, now))).toBe(0);
    now = new Date("2026-04-02T10:00:00Z");
    expect(await inOrg((tx) => releaseHolds(tx, { limit: 10 }, now))).toBe(2);
    expect(await commissionOf("A3")).toMatchObject({ state: "payable" });
    expect(await commissionOf("A1")).toMatchObject({ state: "held" });
    expect(await inOrg(verifyLedger)).toEqual([]);
  });

  test("reversed after its release takes the payable amount back", async () => {
    await post("sub1=member-2&transaction_id=A3&payout=6.00&currency=EUR&status=reversed");
    await work();
    expect(await commissionOf("A3")).toMatchObject({ state: "void", amount_minor: "0" });
    expect(await inOrg(verifyLedger)).toEqual([]);
  });
});
