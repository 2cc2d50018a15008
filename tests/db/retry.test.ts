import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queryRows, sqlStateIn } from "@/server/db";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";

describe.each(["postgres", "neon"] as const)("%s", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    await opened.database.asOwner(async (tx) => {
      await tx.execute(sql`create table pots (id int primary key, cents bigint not null)`);
      await tx.execute(sql`insert into pots values (1, 0), (2, 0)`);
      await tx.execute(sql`grant select, update on pots to tributary_app`);
    });
  });
  afterAll(() => opened?.close());

  test("two transactions that deadlock both end committed, the loser by running again", async () => {
    let runs = 0;
    const arrived = [barrier(), barrier()] as const;
    const add = (first: number, second: number, mine: Barrier, other: Barrier) =>
      opened.database.inOrganization("org_a", async (tx) => {
        runs++;
        await tx.execute(sql`update pots set cents = cents + 1 where id = ${first}`);
        mine.open();
        await other.opened;
        await tx.execute(sql`update pots set cents = cents + 1 where id = ${second}`);
      });
    await Promise.all([add(1, 2, arrived[0], arrived[1]), add(2, 1, arrived[1], arrived[0])]);
    expect(runs).toBe(3);
    const pots = await opened.database.inOrganization("org_a", (tx) =>
      queryRows(tx, sql`select cents from pots order by id`),
    );
    expect(pots).toEqual([{ cents: "2" }, { cents: "2" }]);
  });

  test.each([
    { state: "40001", runs: 4, what: "a serialization failure repeats three times and then reaches the caller" },
    { state: "40P01", runs: 4, what: "so does a deadlock" },
    { state: "23505", runs: 1, what: "a unique violation is not repeated" },
    { state: "57014", runs: 1, what: "a cancelled statement is not repeated" },
  ])("$what", async ({ state, runs }) => {
    let count = 0;
    const attempt = opened.database.inOrganization("org_a", async (tx) => {
      count++;
      await tx.execute(sql.raw(`do $$ begin raise exception 'planned' using errcode = '${state}'; end $$`));
    });
    expect(sqlStateIn(await attempt.catch((error) => error))).toBe(state);
    expect(count).toBe(runs);
  });

  test("a statement that runs too long is cancelled", async () => {
    const quick = await openTestDatabase(kind, { statementMsMax: 50 });
    const attempt = quick.database.inOrganization("org_a", (tx) => tx.execute(sql`select pg_sleep(20)`));
    expect(sqlStateIn(await attempt.catch((error) => error))).toBe("57014");
    await quick.close();
  });
});

type Barrier = { opened: Promise<void>; open(): void };

function barrier(): Barrier {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
