import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { migrateDatabase, type OpenDatabase, openDatabase, queryRows } from "@/server/db";
import { refusalIn } from "@/server/errors";
import { startNeonRelay } from "@/tests/support/neon-relay";
import { type PostgresServer, startPostgres } from "@/tests/support/postgres-server";

/** A server on a busy machine may take this long to answer again. */
const WAIT = { timeout: 30_000 };

let server: PostgresServer;
let relay: { close(): Promise<void> };
beforeAll(async () => {
  server = await startPostgres({ durable: false });
  relay = await startNeonRelay(server.port);
});
afterAll(async () => {
  await relay.close();
  await server.stop();
});

describe.each(["pg", "neon"] as const)("through %s", (driver) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    // Two connections: a client that a failed transaction leaked would soon be missed.
    database = await openDatabase({ url: server.url, driver, poolSize: 2, connectMsMax: 5_000 });
    await migrateDatabase(database);
    await database.asOwner((tx) => tx.execute(sql`create table if not exists marks (id text)`));
    await database.asOwner((tx) => tx.execute(sql`grant select, insert on marks to tributary_app`));
  });
  afterAll(() => database.close());

  const ask = () => database.inOrganization("org_a", (tx) => queryRows(tx, sql`select 1 as one`));

  test("queries before and after a restart of the database succeed", async () => {
    expect(await ask()).toEqual([{ one: 1 }]);
    await server.restart();
    await vi.waitFor(async () => expect(await ask()).toEqual([{ one: 1 }]), WAIT);
  });

  test("a restart inside a transaction is a Refusal that says it was undone, and the work does not run twice", async () => {
    await vi.waitFor(ask, WAIT);
    const work = vi.fn();
    const attempt = database.inOrganization("org_a", async (tx) => {
      work();
      await tx.execute(sql`insert into marks values (${driver})`);
      await server.restart();
      await tx.execute(sql`select 1`);
    });
    await expect(attempt).rejects.toMatchObject({ code: "unavailable", message: expect.stringMatching(/was undone/) });
    expect(work).toHaveBeenCalledTimes(1);
    const rows = await vi.waitFor(
      () => database.inOrganization("org_a", (tx) => queryRows(tx, sql`select * from marks where id = ${driver}`)),
      WAIT,
    );
    expect(rows).toEqual([]);
  });

  test("a connection lost before COMMIT is reported as unknown, not as failed, and not repeated", async () => {
    await vi.waitFor(ask, WAIT);
    const work = vi.fn();
    const attempt = database.inOrganization("org_a", async (tx) => {
      work();
      const [row] = await queryRows<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`);
      await terminate(row?.pid ?? 0);
    });
    await expect(attempt).rejects.toMatchObject({ code: "unavailable", message: expect.stringMatching(/is unknown/) });
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("while the database is down every call is a Refusal; when it is back the pool has lost no connection", async () => {
    await server.pause();
    for (let calls = 0; calls < 6; calls++) {
      const error = await ask().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(refusalIn(error)?.code).toBe("unavailable");
    }
    await server.start();
    const together = Array.from({ length: 4 }, () => vi.waitFor(ask, WAIT));
    expect(await Promise.all(together)).toEqual(Array.from({ length: 4 }, () => [{ one: 1 }]));
  });
});

test("LISTEN takes up again after a restart", async () => {
  const database = await openDatabase({ url: server.url });
  const heard = vi.fn();
  await database.listen("activity", heard);
  await server.restart();
  await vi.waitFor(
    async () => {
      await database.asOwner((tx) => tx.execute(sql`select pg_notify('activity', 'again')`));
      expect(heard).toHaveBeenCalledWith("again");
    },
    { ...WAIT, interval: 200 },
  );
  await database.close();
});

test("a database that is not there stops the start in words, without the password", async () => {
  const url = "postgres://tributary:hunter2@127.0.0.1:1/shop";
  const error = await openDatabase({ url, connectMsMax: 2_000 }).then(() => undefined, refusalIn);
  expect(error).toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/shop at 127\.0\.0\.1:1 .*ECONNREFUSED.*DATABASE_URL/),
  });
  expect(error?.message).not.toContain("hunter2");
});

async function terminate(pid: number): Promise<void> {
  const client = new pg.Client({ connectionString: server.adminUrl });
  await client.connect();
  // Answers when the backend is gone, or after five seconds.
  await client.query("select pg_terminate_backend($1, 5000)", [pid]);
  await client.end();
}
