import { expect, test } from "vitest";
import { networkNamed, type SourceSettings } from "@/server/networks";
import { get, json, push, sourceSettings } from "./request";

const awin = networkNamed("awin");
const read = (request = get(""), settings: Partial<SourceSettings> = {}) =>
  awin.parseRequest(request, sourceSettings(settings));

test("a push says no status and has no order, whatever the source's default or the push's own words", () => {
  const text = '{"transactionId":"7","transactionDate":"2026-01-01 00:00:00","status":"approved"}';
  for (const request of [push(text), json(text)]) {
    const parsed = read(request, { defaultStatus: "approved" });
    expect(parsed).toMatchObject({ reports: [{ occurredAt: new Date("2026-01-01T00:00:00Z") }] });
    const [report] = parsed.kind === "reports" ? parsed.reports : [];
    expect([report?.status, report?.defaultStatus, report?.orderingKey]).toEqual([undefined, undefined, undefined]);
  }
});

test("amounts have a decimal point, whatever format the operator chose for the source", () => {
  const text = '{"transactionId":"7","transactionAmount":"1.5","transactionCurrency":"EUR"}';
  expect(read(push(text), { amountFormat: "de" })).toMatchObject({
    reports: [{ sale: { minor: 150n, currency: "EUR" } }],
  });
});

test("without a currency of its own the source's is meant", () => {
  const text = '{"transactionId":"7","commission":"5.00"}';
  expect(read(push(text), { defaultCurrency: "GBP" })).toMatchObject({ reports: [{ reward: { currency: "GBP" } }] });
});

test("text of the shop that looks like a macro does no harm", () => {
  const text = '{"transactionId":"7","phrase":"[shoes]","url":"https://example.org/{path}?a=%b%"}';
  expect(read(push(text)).kind).toBe("reports");
});
