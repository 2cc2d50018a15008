import { expect, test } from "vitest";
import { type DemoSignInFacts, demoSignIn } from "@/server/access/rules/demo-sign-in";

const here: DemoSignInFacts = {
  mode: "demo",
  hasDatabaseUrl: false,
  isMarkedDemo: true,
  host: "localhost:3000",
  forwardedFor: "::1",
  origin: "http://localhost:3000",
};

test.each<[string, Partial<DemoSignInFacts>]>([
  ["at localhost", {}],
  ["at 127.0.0.1", { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000", forwardedFor: "127.0.0.1" }],
  ["at [::1]", { host: "[::1]:3000", origin: "http://[::1]:3000" }],
  ["with no word of the sender's address", { forwardedFor: null }],
  ["from a mapped IPv4 address", { forwardedFor: "::ffff:127.0.0.1" }],
  ["from a program that sends no origin", { origin: null }],
])("one-click sign-in is allowed %s", (_name, facts) => {
  expect(demoSignIn({ ...here, ...facts })).toEqual({ kind: "allowed" });
});

test.each<[string, Partial<DemoSignInFacts>, RegExp]>([
  ["in production", { mode: "production" }, /only in demo mode/],
  ["in development", { mode: "development" }, /only in demo mode/],
  ["with DATABASE_URL", { hasDatabaseUrl: true }, /DATABASE_URL is set/],
  ["on data that is not a demo's", { isMarkedDemo: false }, /not marked as demo/],
  ["under another name", { host: "tributary.example" }, /not at "tributary.example"/],
  ["under a name that only begins like localhost", { host: "localhost.evil.example" }, /not at/],
  ["without a host", { host: null }, /not at "no host"/],
  ["from another machine", { forwardedFor: "192.168.1.7" }, /from this machine/],
  ["through a proxy on this machine", { forwardedFor: "203.0.113.9, 127.0.0.1" }, /from this machine/],
  ["from an address that only looks like loopback", { forwardedFor: "127.0.0.1.evil" }, /from this machine/],
  ["for a page of another site", { origin: "https://evil.example" }, /cannot be asked for/],
  ["for a page without an origin", { origin: "null" }, /cannot be asked for/],
])("one-click sign-in is refused in words %s", (_name, facts, reason) => {
  const verdict = demoSignIn({ ...here, ...facts });
  expect(verdict).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
});
