import { expect, test } from "vitest";
import { mayReadOutbox } from "@/app/dev/mail/may-read-outbox";

const local = { mode: "demo", host: "localhost:3000", forwardedFor: "127.0.0.1" };
test.each([
  { what: "demo on this machine", request: local, may: true },
  { what: "development on this machine", request: { ...local, mode: "development" }, may: true },
  { what: "IPv6 on this machine", request: { ...local, host: "[::1]:3000", forwardedFor: "::1" }, may: true },
  { what: "production on this machine", request: { ...local, mode: "production" }, may: false },
  { what: "tests", request: { ...local, mode: "test" }, may: false },
  { what: "demo under a public name", request: { ...local, host: "pay.example" }, may: false },
  { what: "a name that begins like this machine's", request: { ...local, host: "localhost.pay.example" }, may: false },
  { what: "no host", request: { ...local, host: null }, may: false },
  { what: "a neighbour", request: { ...local, forwardedFor: "192.168.1.7" }, may: false },
  { what: "a tunnel from outside", request: { ...local, forwardedFor: "203.0.113.9, 127.0.0.1" }, may: false },
])("the outbox without signing in, $what: $may", ({ request, may }) => {
  expect(mayReadOutbox(request)).toBe(may);
});
