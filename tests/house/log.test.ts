import { spawnSync } from "node:child_process";
import { sql } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { errorLine, log, loggableError } from "@/server/log";
import { openTestDatabase } from "@/tests/support/database";

test("a failed query is logged without its parameters and without the row that the database quotes", async () => {
  const { database, close } = await openTestDatabase("pglite");
  const error = await database
    .asOwner(async (tx) => {
      await tx.execute(sql`create table people (mail text primary key)`);
      for (let twice = 0; twice < 2; twice++) await tx.execute(sql`insert into people values (${"ada@example.com"})`);
    })
    .catch((reason) => reason);
  const logged = loggableError(error);
  expect(JSON.stringify(logged)).not.toContain("ada@example.com");
  expect(logged.message).toMatch(/^Failed query: insert into people/);
  expect(logged.cause).toMatchObject({ code: "23505", message: expect.stringMatching(/people_pkey/) });
  expect(logged.stack).toContain("    at ");
  await close();
});

test("errors that cause each other in a ring end, and what is no error is logged as what it is", () => {
  const ring = new Error("a") as Error & { cause?: unknown };
  ring.cause = ring;
  expect(loggableError(ring).message).toBe("a");
  expect(loggableError("plain")).toEqual({ type: "string", message: "plain", stack: "" });
});

test("secrets are redacted wherever they stand, and a wrong level does not stop the log", () => {
  const script = `
    import { log } from "@/server/log";
    log.info({ token: "s3cret", request: { headers: { authorization: "s3cret" } }, payout: { receiver: "s3cret" } }, "hello");
  `;
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: "production", LOG_LEVEL: "loud" },
  });
  expect(stdout).toContain("hello");
  expect(stdout).not.toContain("s3cret");
});

test("an error that every request meets is written once in ten seconds, with how often it came", () => {
  const written = vi.spyOn(log, "error").mockImplementation(() => {});
  let nowMs = 0;
  const line = errorLine("could not be stored", () => nowMs);
  const outage = new Error("no database");
  for (let request = 0; request < 1000; request++) line(outage);
  const other = new Error("another");
  line(other);
  line(outage);
  line(outage);
  nowMs = 10_000;
  line(outage);
  expect(written.mock.calls).toEqual([
    [{ err: outage, unlogged: 0 }, "could not be stored"],
    [{ err: other, unlogged: 999 }, "could not be stored"],
    [{ err: outage, unlogged: 0 }, "could not be stored"],
    [{ err: outage, unlogged: 1 }, "could not be stored"],
  ]);
  written.mockRestore();
});
