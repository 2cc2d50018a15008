import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addRuleVersion } from "@/server/programs";
import { createSource } from "@/server/sources";
import { type Flow, openFlow } from "./open-flow";

const day = (text: string) => new Date(`${text}T09:00:00Z`);
const seconds = (at: Date) => at.getTime() / 1000;

/** A tenth from 1 February, a twentieth before, on sales; both held for 30 days. */
async function addRules({ inOrg, org }: Flow, begunAt: Date): Promise<void> {
  const rule = { programId: org.programId, sourceId: null, name: "Sale share", base: "reward" as const, holdDays: 30 };
  await inOrg(async (tx) => {
    const pays = (ratePpm: bigint) => ({ kind: "percentage" as const, ratePpm });
    await addRuleVersion(tx, { ...rule, pays: pays(50_000n), effectiveFrom: day("2026-01-01") }, begunAt);
    await addRuleVersion(tx, { ...rule, pays: pays(100_000n), effectiveFrom: day("2026-02-01") }, begunAt);
  });
}

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  let flow: Flow;
  const begunAt = day("2026-03-01");

  beforeAll(async () => {
    flow = await openFlow(kind, begunAt);
    await addRules(flow, begunAt);
  });
  afterAll(() => flow.close());

  /** One order whose reports arrive in the order given, each processed before the next comes. */
  async function arrive(order: string, reports: readonly string[]) {
    for (const report of reports) await flow.tell(`sub1=member-1&transaction_id=${order}&${report}`);
    return flow.standingOf(order);
  }

  const at = (time: string) => `ts=${seconds(new Date(`2026-03-01T${time}:00Z`))}`;

  test("a report between two that say the same cannot outrank the later of them", async () => {
    const approved = [
      `status=approved&payout=4.00&${at("08:10")}`,
      `status=approved&payout=4.00&${at("08:30")}`,
    ] as const;
    const declined = `status=declined&payout=4.00&${at("08:20")}`;
    const inOrder = await arrive("same-in-order", [approved[0], declined, approved[1]]);
    const late = await arrive("same-late", [approved[0], approved[1], declined]);
    expect(late).toMatchObject({ status: "approved", amount: "40" });
    expect({ ...late, effects: [] }).toEqual({ ...inOrder, effects: [] });
  });

  test("two reports of one second end alike, whichever comes first", async () => {
    const pending = `status=pending&payout=4.00&sub2=a&${at("08:10")}`;
    const approved = `status=approved&payout=3.00&sub2=b&${at("08:10")}`;
    const first = await arrive("tie-1", [pending, approved]);
    const second = await arrive("tie-2", [approved, pending]);
    expect(first).toMatchObject({ status: "approved", amount: "40", subIds: { sub2: "b" } });
    expect({ ...second, effects: [] }).toEqual({ ...first, effects: [] });
  });

  test("rule version and hold follow the sale's time, although a later report came first", async () => {
    const pending = `status=pending&payout=100.00&ts=${seconds(day("2026-01-20"))}`;
    const approved = `status=approved&payout=100.00&ts=${seconds(day("2026-02-05"))}`;
    const inOrder = await arrive("rule-1", [pending, approved]);
    const reversed = await arrive("rule-2", [approved, pending]);
    expect(inOrder).toMatchObject({ amount: "500", holdUntil: "2026-02-19T09:00:00" });
    expect(reversed).toEqual({ ...inOrder, effects: ["accrue", "adjust"] });
  });

  test("the hold moves with the sale's time when the amount stays", async () => {
    const pending = `status=pending&payout=100.00&ts=${seconds(day("2026-02-03"))}`;
    const approved = `status=approved&payout=100.00&ts=${seconds(day("2026-02-05"))}`;
    const reversed = await arrive("hold", [approved, pending]);
    expect(reversed).toMatchObject({ amount: "1000", holdUntil: "2026-03-05T09:00:00", effects: ["accrue", "adjust"] });
  });

  test("an earlier time at which no rule was in force leaves the rule that was", async () => {
    const approved = `status=approved&payout=100.00&ts=${seconds(day("2026-02-05"))}`;
    const standing = await arrive("no-rule", [approved, `status=pending&ts=${seconds(day("2019-01-01"))}`]);
    expect(standing).toMatchObject({ amount: "1000", holdUntil: "2026-03-07T09:00:00", status: "approved" });
  });

  test("a released commission keeps the rule under which it became payable", async () => {
    const approved = `status=approved&payout=100.00&ts=${seconds(day("2026-02-05"))}`;
    await arrive("released", [approved]);
    await flow.release(day("2026-04-01"));
    const late = await arrive("released", [`status=pending&ts=${seconds(day("2026-01-20"))}`]);
    expect(late).toMatchObject({ state: "payable", amount: "1000", effects: ["accrue", "release"] });
  });

  test("a report without a status leaves the status we hold", async () => {
    const paid = await arrive("amount-only", ["status=approved&payout=90.00", "payout=95.00"]);
    expect(paid).toMatchObject({ status: "approved", approved: true, amount: "950", effects: ["accrue", "adjust"] });
    const declined = await arrive("declined-amount", ["status=declined&payout=90.00", "payout=95.00"]);
    expect(declined).toMatchObject({ status: "declined", amount: null, reward: "9500" });
    const empty = await arrive("empty-status", ["status=approved&payout=90.00", "status=&payout=90.00"]);
    expect(empty).toMatchObject({ status: "approved" });
  });

  test("a left-out status is neither a repeat of one that was said nor news when it comes again", async () => {
    const say = (report: string) => flow.tell(`sub1=member-1&transaction_id=repeat&${report}`);
    const answers = [];
    for (const report of ["payout=5.00", "payout=5.00", "status=pending&payout=5.00", "status=approved", "payout=5.00"])
      answers.push((await say(report))?.result);
    expect(answers).toEqual(["accepted", "duplicate", "accepted", "accepted", "accepted"]);
    expect(await flow.standingOf("repeat")).toMatchObject({ status: "approved", reward: "500" });
  });

  test("a first report without a status begins with the source's default; Awin's begins pending and stays what it became", async () => {
    const source = { programId: flow.org.programId, signingSecret: null, defaultCurrency: "EUR" };
    const [generic, awin] = await flow.inOrg(async (tx) => [
      await createSource(tx, { ...source, name: "Shop", network: "generic", defaultStatus: "approved" }, begunAt),
      await createSource(tx, { ...source, name: "Awin", network: "awin", defaultStatus: "approved" }, begunAt),
    ]);
    await flow.tell("sub1=member-1&transaction_id=default&payout=5.00", begunAt, generic?.token);
    expect(await flow.standingOf("default")).toMatchObject({ status: "approved", approved: true });
    const push = "transactionId=awin-1&clickRef=member-1&transactionCurrency=EUR&commission=";
    await flow.tell(`${push}5.00`, begunAt, awin?.token);
    expect(await flow.standingOf("awin-1")).toMatchObject({ status: "pending", amount: "50" });
    await flow.inOrg((tx) =>
      tx.execute("update conversions set network_status = 'approved' where external_id = 'awin-1'"),
    );
    await flow.tell(`${push}6.00`, begunAt, awin?.token);
    expect(await flow.standingOf("awin-1")).toMatchObject({ status: "approved", amount: "60" });
  });
});
