import { expect, test } from "vitest";
import { isComplete } from "@/scripts/install.mjs";

const glibc = { os: "linux", cpu: "x64", libc: "glibc" };
const lock = {
  "": { version: "0.1.0" },
  "node_modules/pg": { version: "8.0.0" },
  "node_modules/swc-linux": { version: "1.0.0", optional: true, os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
  "node_modules/swc-musl": { version: "1.0.0", optional: true, os: ["linux"], cpu: ["x64"], libc: ["musl"] },
  "node_modules/swc-mac": { version: "1.0.0", optional: true, os: ["darwin"], cpu: ["arm64"] },
  "node_modules/only-of-wasm": { version: "1.0.0", optional: true },
};
const installedOnLinux = {
  "node_modules/pg": { version: "8.0.0" },
  "node_modules/swc-linux": { version: "1.0.0" },
};

test.each([
  ["what npm installs on this machine", installedOnLinux, glibc, true],
  ["the folder of another system", installedOnLinux, { os: "darwin", cpu: "arm64", libc: "any" }, false],
  ["the folder of another C library", installedOnLinux, { ...glibc, libc: "musl" }, false],
  ["another version", { ...installedOnLinux, "node_modules/pg": { version: "7.9.9" } }, glibc, false],
  [
    "a package that the lock does not name",
    { ...installedOnLinux, "node_modules/more": { version: "1.0.0" } },
    glibc,
    false,
  ],
  ["half an install", { "node_modules/swc-linux": { version: "1.0.0" } }, glibc, false],
])("%s counts as installed or not", (_, installed, machine, expected) => {
  expect(isComplete(lock, installed, machine)).toBe(expected);
});
