import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprint, reasonToBuild } from "@/scripts/demo/build-when-needed";

test.each([
  ["a fresh clone", { isThere: false, builtFrom: null, sources: "a" }, "never built"],
  ["a build that was cut off", { isThere: false, builtFrom: "a", sources: "a" }, "never built"],
  ["a build made by hand", { isThere: true, builtFrom: null, sources: "a" }, "wrote down"],
  ["changed sources", { isThere: true, builtFrom: "a", sources: "b" }, "changed"],
])("%s is built", (_, build, reason) => {
  expect(reasonToBuild(build)).toContain(reason);
});

test("a build of these very sources is used as it is", () => {
  expect(reasonToBuild({ isThere: true, builtFrom: "a", sources: "a" })).toBeNull();
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-fingerprint-"));
  mkdirSync(join(folder, "app", "deep"), { recursive: true });
  writeFileSync(join(folder, "app", "deep", "page.tsx"), "one");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a fingerprint follows contents and names, never dates, and does without files that are not there", () => {
  const take = () => fingerprint([join(folder, "app"), join(folder, "absent")]);
  const before = take();
  utimesSync(join(folder, "app", "deep", "page.tsx"), 1, 1);
  expect(take()).toBe(before);
  writeFileSync(join(folder, "app", "deep", "page.tsx"), "two");
  const changed = take();
  expect(changed).not.toBe(before);
  writeFileSync(join(folder, "app", "new.ts"), "");
  expect(take()).not.toBe(changed);
});
