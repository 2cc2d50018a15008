import { afterAll, beforeAll, describe, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { embeddedDriver } from "./driver";
import { scenarios } from "./scenario";

/** Runs the whole scenario file on the embedded engine over one kind of database. */
export function runScenarios(kind: "pglite" | "postgres"): void {
  describe(`scenarios on ${kind}`, () => {
    let opened: TestDatabase;
    beforeAll(async () => {
      opened = await openTestDatabase(kind);
    });
    afterAll(() => opened.close());
    for (const { name, run } of scenarios) test(name, () => run(embeddedDriver(opened.database)));
  });
}
