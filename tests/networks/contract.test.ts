import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  dedupeKeyOf,
  fingerprintOf,
  networkNamed,
  networks,
  type Report,
  type SourceSettings,
} from "@/server/networks";
import { get, json, post, push, sourceSettings } from "./request";

type Fixture = {
  what: string;
  request: { method: string; target: string; headers: Record<string, string>; body: string };
  settings?: Partial<SourceSettings>;
  reports: object[];
};

const folder = "tests/fixtures/networks";
const fixtures = networks.flatMap(({ name }) =>
  readdirSync(join(folder, name)).map((file): [network: string, file: string, fixture: Fixture] => [
    name,
    file,
    JSON.parse(readFileSync(join(folder, name, file), "utf8")),
  ]),
);

test.each(fixtures)("%s reads %s as recorded", (network, _file, { request, settings, reports }) => {
  const raw = { ...request, body: Buffer.from(request.body) };
  const parsed = networkNamed(network).parseRequest(raw, sourceSettings(settings));
  expect(parsed).toMatchObject({ kind: "reports" });
  expect(parsed.kind === "reports" && parsed.reports.map(inWords)).toEqual(reports);
});

test.each(fixtures)("%s, %s: read again, it has the same fingerprint and key", (network, _file, fixture) => {
  const read = () => {
    const raw = { ...fixture.request, body: Buffer.from(fixture.request.body) };
    const parsed = networkNamed(network).parseRequest(raw, sourceSettings(fixture.settings));
    return parsed.kind === "reports"
      ? parsed.reports.map((report) => [fingerprintOf(report), dedupeKeyOf(report)])
      : [];
  };
  expect(read()).toHaveLength(fixture.reports.length);
  expect(read()).toEqual(read());
});

test.each(networks)(
  "$name has at least three fixtures, a name for people and a template that begins a query",
  (network) => {
    expect(fixtures.filter(([name]) => name === network.name).length).toBeGreaterThanOrEqual(3);
    expect(network.title).not.toBe("");
    expect(network.subIdParameter).toMatch(/^[a-z0-9_]+$/);
    expect(network.postbackTemplate).toMatch(/^\?/);
  },
);

test.each(networks)("$name: its own template, sent unexpanded, is refused by name", (network) => {
  const parsed = network.parseRequest(get(network.postbackTemplate.slice(1)), sourceSettings());
  expect(parsed).toEqual({ kind: "unreadable", reason: expect.stringContaining("unexpanded macro") });
});

test.each(networks)("$name: no request of any bytes makes it throw or report without an id", (network) => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => Buffer.from(text)),
  );
  const requests = fc.oneof(
    fc.string({ unit: "binary" }).map(get),
    fc.webQueryParameters().map((query) => get(`txn_id=1&${query}`)),
    fc
      .tuple(bytes, fc.constantFrom("", "application/json", "text/plain", "image/png"))
      .map(([body, type]) => post(body, type)),
    fc.json().map(json),
    fc.json().map(push),
    fc
      .dictionary(fc.constantFrom("txn_id", "payout", "currency", "ts", "status", "sub1"), fc.jsonValue())
      .map((object) => json(JSON.stringify(object))),
    fc.string().map((method) => ({ ...get("txn_id=1"), method })),
  );
  fc.assert(
    fc.property(requests, (request) => {
      const parsed = network.parseRequest(request, sourceSettings({ defaultCurrency: "USD" }));
      if (parsed.kind === "unreadable") return parsed.reason !== "" && !parsed.reason.startsWith("unforeseen");
      return parsed.reports.length > 0 && parsed.reports.every((report) => report.externalId !== "");
    }),
    { numRuns: 3000 },
  );
});

test.each(networks)("$name: a request of a shape nobody foresaw is kept with a reason", (network) => {
  const broken = { ...get("txn_id=1"), target: null as unknown as string };
  expect(network.parseRequest(broken, sourceSettings())).toEqual({
    kind: "unreadable",
    reason: expect.stringContaining("unforeseen while reading"),
  });
});

test("a network that does not exist is refused by name", () => {
  expect(() => networkNamed("awn")).toThrow(
    expect.objectContaining({ code: "not_found", message: expect.stringContaining("awn") }),
  );
});

function inWords(report: Report): object {
  const { sale, reward, occurredAt, ...rest } = report;
  const words = {
    ...rest,
    sale: sale && `${sale.minor} ${sale.currency}`,
    reward: reward && `${reward.minor} ${reward.currency}`,
    occurredAt: occurredAt?.toISOString(),
  };
  return JSON.parse(JSON.stringify(words));
}
