import { expect, test } from "vitest";
import { nextPath, signInHref } from "@/app/(auth)/sign-in/next-path";

test.each([
  "/console",
  "/portal",
  "/console/conversions?status=approved&open=cnv_1",
  "/console/payouts/bat_1?open=pay_1#top",
  "/portal/earnings?open=cnv_1",
  "/console/conversions?order=http://evil.example",
])("after signing in %s is where one wanted to go", (path) => {
  expect(nextPath(path)).toBe(path);
});

test.each([
  ["nothing", null],
  ["nothing at all", undefined],
  ["an empty path", ""],
  ["two of them", ["/console", "//evil"]],
  ["the start", "/"],
  ["a host without a scheme", "//evil"],
  ["three slashes", "///evil.example"],
  ["a backslash", "/\\evil"],
  ["a backslash first", "\\/evil"],
  ["a backslash within", "/console\\..\\go/x"],
  ["a scheme", "https:"],
  ["another site", "https://evil.example/console"],
  ["a scheme that runs code", "javascript:alert(1)"],
  ["a scheme in capitals", "HTTPS://evil.example"],
  ["a tab that browsers drop", "/\t/evil"],
  ["a line feed that browsers drop", "/\n/evil.example"],
  ["a carriage return within", "/console\r\nset-cookie: a=b"],
  ["a null character", "/console\u0000"],
  ["a delete character", "/console\u007f"],
  ["a space first", " //evil"],
  ["a path without a slash", "console"],
  ["a person at another site", "/@evil.example"],
  ["climbing out to another redirect", "/console/../go/shop"],
  ["climbing out, encoded", "/console/%2e%2e/go/shop"],
  ["climbing out to another host", "/console/..//evil"],
  ["a redirect of ours", "/go/shop"],
  ["an interface of ours", "/api/auth/sign-out"],
  ["the sign-in itself", "/sign-in?next=/console"],
  ["a name that only begins like ours", "/consoles"],
  ["something endless", `/console?a=${"b".repeat(2000)}`],
])("after signing in nobody is led to %s", (_name, asked) => {
  expect(nextPath(asked)).toBe("/");
});

test("the way to the sign-in page says where one wanted to go, and nothing that is refused", () => {
  expect(signInHref("/console/conversions?order=A&open=cnv_1")).toBe(
    "/sign-in?next=%2Fconsole%2Fconversions%3Forder%3DA%26open%3Dcnv_1",
  );
  expect(signInHref("//evil")).toBe("/sign-in");
});
