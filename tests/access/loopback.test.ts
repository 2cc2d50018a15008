import { expect, test } from "vitest";
import { elsewhere, type RequestPlace } from "@/server/access/rules/loopback";

const here: RequestPlace = { host: "localhost:3000", forwardedFor: "::1", origin: "http://localhost:3000" };

test.each<[string, Partial<RequestPlace>, ReturnType<typeof elsewhere>]>([
  ["at localhost", {}, null],
  ["at LOCALHOST without a port", { host: "LOCALHOST" }, null],
  ["at 127.0.0.1", { host: "127.0.0.1:3000", forwardedFor: "127.0.0.1", origin: "http://127.0.0.1:3000" }, null],
  ["at [::1]", { host: "[::1]:3000", origin: "http://[::1]:3000" }, null],
  ["from another address of this machine", { forwardedFor: "127.0.1.1" }, null],
  ["from a mapped IPv4 address", { forwardedFor: "::ffff:127.0.0.1" }, null],
  ["through two proxies of this machine", { forwardedFor: "127.0.0.1, ::1" }, null],
  ["with no word of the sender's address", { forwardedFor: null }, null],
  ["from a program that sends no origin", { origin: null }, null],
  ["without a host", { host: null }, "host"],
  ["under another name", { host: "tributary.example" }, "host"],
  ["under a name that only begins like localhost", { host: "localhost.evil.example" }, "host"],
  ["from another machine", { forwardedFor: "192.168.1.7" }, "address"],
  ["through a proxy on this machine", { forwardedFor: "203.0.113.9, 127.0.0.1" }, "address"],
  ["from an address that only looks like loopback", { forwardedFor: "127.0.0.1.evil" }, "address"],
  ["from an address mapped twice", { forwardedFor: "::ffff:::1" }, "address"],
  ["from an empty address", { forwardedFor: "" }, "address"],
  ["for a page of another site", { origin: "https://evil.example" }, "origin"],
  ["for a page without an origin", { origin: "null" }, "origin"],
])("a request %s: what speaks against this machine is named", (_name, place, against) => {
  expect(elsewhere({ ...here, ...place })).toBe(against);
});
