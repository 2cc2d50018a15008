import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { awinDialect } from "@/simulator/networks/awin";
import { genericDialect } from "@/simulator/networks/generic";
import { type NetworkReport, type PlanOptions, planReports } from "@/simulator/networks/plan-reports";

const options: PlanOptions = {
  seed: 1,
  count: 400,
  currency: "EUR",
  idPrefix: "shop",
  startsAt: new Date("2026-03-01T10:00:00Z"),
  intervalMs: 1000,
  duplicates: 10,
  disorder: 5,
  strays: 3,
};
const report: NetworkReport = {
  conversion: 0,
  externalId: "shop-0",
  isStray: false,
  state: "pending",
  sale: "33.70",
  reward: "0.67",
  currency: "GBP",
  soldAt: new Date("2016-12-06T18:35:28Z"),
  reportedAt: new Date("2016-12-06T18:35:30Z"),
  isRepeat: false,
};
const now = new Date("2026-03-01T10:00:00Z");

test("one seed gives one plan, another seed another", () => {
  expect(planReports(options)).toEqual(planReports(options));
  expect(planReports({ ...options, seed: 2 })).not.toEqual(planReports(options));
});

describe("a plan", () => {
  const plan = planReports(options);
  const fresh = plan.filter((one) => !one.isRepeat);
  const livesOf = new Map<number, string[]>();
  for (const { conversion, state } of fresh.toSorted((a, b) => a.reportedAt.getTime() - b.reportedAt.getTime()))
    livesOf.set(conversion, [...(livesOf.get(conversion) ?? []), state]);
  const overtaken = fresh.filter((one, index) =>
    fresh
      .slice(0, index)
      .some((earlier) => earlier.conversion === one.conversion && earlier.reportedAt > one.reportedAt),
  );

  test("holds every conversion and every kind of life", () => {
    expect(livesOf.size).toBe(400);
    const lives = new Set([...livesOf.values()].map((life) => life.join(" ")));
    for (const life of [
      "pending approved",
      "pending declined",
      "pending approved reversed",
      "pending approved approved",
    ])
      expect(lives).toContain(life);
  });

  test("repeats and reorders about as often as asked, and not at all when not asked", () => {
    const repeats = plan.length - fresh.length;
    expect(repeats / fresh.length).toBeGreaterThan(0.06);
    expect(repeats / fresh.length).toBeLessThan(0.14);
    expect(overtaken.length).toBeGreaterThan(5);
    const calm = planReports({ ...options, duplicates: 0, disorder: 0, strays: 0 });
    expect(calm.map((one) => one.reportedAt.getTime())).toEqual(
      calm.map((_, index) => options.startsAt.getTime() + index * 1000),
    );
    expect(calm.some((one) => one.isRepeat || one.isStray)).toBe(false);
  });

  test("writes amounts with the currency's decimals", () => {
    const amounts = (currency: string) =>
      planReports({ ...options, currency }).flatMap((one) => [one.sale, one.reward]);
    expect(amounts("JPY").every((amount) => /^\d+$/.test(amount))).toBe(true);
    expect(amounts("EUR").every((amount) => /^\d+\.\d{2}$/.test(amount))).toBe(true);
    expect(amounts("KWD").every((amount) => /^\d+\.\d{3}$/.test(amount))).toBe(true);
  });
});

describe("generic", () => {
  const url = "https://app.example/api/postbacks/tok";

  test("says the same in a query, a form and JSON", () => {
    const encode = (method: "GET" | "FORM" | "JSON") =>
      genericDialect({ url, seed: 1, method }).encode({ ...report, state: "approved" }, "clk_1", now);
    const query = Object.fromEntries(new URL(encode("GET")?.url ?? "").searchParams);
    expect(Object.fromEntries(new URLSearchParams(encode("FORM")?.body))).toEqual(query);
    expect(JSON.parse(encode("JSON")?.body ?? "")).toEqual(query);
    expect(Object.values(query)).toEqual(expect.arrayContaining(["clk_1", "shop-0", "33.70", "0.67", "GBP"]));
    expect(query.ts).toBe(String(report.reportedAt.getTime()));
  });

  test("networks differ in names and words, and each keeps its own", () => {
    const shape = (seed: number, state: NetworkReport["state"]) => {
      const request = genericDialect({ url, seed, method: "GET" }).encode({ ...report, state }, "clk_1", now);
      const query = new URL(request?.url ?? "").searchParams;
      return { names: [...query.keys()].join(), status: query.get("status") };
    };
    const seeds = Array.from({ length: 30 }, (_, seed) => seed);
    expect(new Set(seeds.map((seed) => shape(seed, "approved").names)).size).toBe(4);
    expect(new Set(seeds.map((seed) => shape(seed, "approved").status)).size).toBe(4);
    expect(shape(3, "approved").names).toBe(shape(3, "declined").names);
  });

  test("signs the body with its time, and a query over its sorted pairs", () => {
    const secret = "s3cret";
    const hmac = (text: string) => createHmac("sha256", secret).update(text).digest("hex");
    const posted = genericDialect({ url, seed: 1, method: "JSON", secret }).encode(report, "clk_1", now);
    const t = now.getTime() / 1000;
    expect(posted?.headers["x-signature"]).toBe(`t=${t},v1=${hmac(`${t}.${posted?.body}`)}`);
    const got = genericDialect({ url, seed: 1, method: "GET", secret }).encode(report, "clk_1", now);
    const [signed = "", sig] = new URL(got?.url ?? "").search.slice(1).split("&sig=");
    expect(sig).toBe(hmac(signed));
    expect(signed.split("&")).toEqual(signed.split("&").toSorted());
  });
});

describe("awin", () => {
  const dialect = awinDialect({ url: "https://app.example/api/postbacks/tok" });

  test("pushes JSON inside one form field, with amounts as short strings and times in UTC", () => {
    const request = dialect.encode(report, "clk_1", now);
    expect(request).toMatchObject({ method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" } });
    const form = new URLSearchParams(request?.body);
    expect([...form.keys()]).toEqual(["AwinTransactionPush"]);
    expect(JSON.parse(form.get("AwinTransactionPush") ?? "")).toMatchObject({
      transactionAmount: "33.7",
      commission: "0.67",
      transactionCurrency: "GBP",
      transactionDate: "2016-12-06 18:35:28",
      clickRef: "clk_1",
    });
  });

  test("never speaks of what happens after the transaction is recorded", () => {
    for (const state of ["approved", "declined", "reversed"] as const)
      expect(dialect.encode({ ...report, state }, "clk_1", now)).toBeNull();
  });

  test("gives different conversions different numbers", () => {
    const ids = Array.from({ length: 1000 }, (_, index) => {
      const body = dialect.encode({ ...report, externalId: `shop-${index}` }, "", now)?.body;
      return JSON.parse(new URLSearchParams(body).get("AwinTransactionPush") ?? "").transactionId;
    });
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => /^[1-9]\d{8,15}$/.test(id))).toBe(true);
  });
});
