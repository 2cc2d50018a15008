import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/server/ids";
import { type AccountKind, credit, debit, type NewTransaction, postTransactions, verifyLedger } from "@/server/ledger";
import { openTestDatabase, type TestDatabase } from "@/tests/support/database";
import { setUpOrganization } from "@/tests/support/organization";

const now = new Date("2026-02-28T12:00:00Z");
const eur = (minor: bigint) => ({ minor, currency: "EUR" });

describe.each(["pglite", "postgres"] as const)("the ledger on %s", (kind) => {
  let opened: TestDatabase;
  let orgId: string;

  beforeAll(async () => {
    opened = await openTestDatabase(kind);
    orgId = (await setUpOrganization(opened.database, now)).orgId;
  });
  afterAll(() => opened.close());

  const inOrg = <T>(work: Parameters<typeof opened.database.inOrganization<T>>[1]) =>
    opened.database.inOrganization(orgId, work);
  const transaction = (causeId: string, minor = 100n): NewTransaction => ({
    causeId,
    purpose: "test",
    eventAt: now,
    lines: [debit("cash", "paypal", eur(minor)), credit("affiliate_payable", "aff_1", eur(minor))],
  });
  const entryCount = async () => {
    const [row] = (
      (await inOrg((tx) => tx.execute(sql`select count(*)::int as n from ledger_entries`))) as { rows: { n: number }[] }
    ).rows;
    return row?.n ?? -1;
  };

  test("any sequence of transactions keeps every sum at zero and every balance equal to its entries", async () => {
    const kinds: AccountKind[] = ["cash", "fees", "affiliate_held", "affiliate_payable", "margin_earned"];
    const line = fc.record({
      kind: fc.constantFrom(...kinds),
      owner: fc.constantFrom("a", "b", "c"),
      currency: fc.constantFrom("EUR", "JPY"),
      minor: fc.bigInt({ min: 1n, max: 10n ** 15n }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(line, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        async (batch) => {
          const transactions = batch.map((lines) => ({
            causeId: newId("txn", now),
            purpose: "property",
            eventAt: now,
            lines: lines.flatMap(({ kind, owner, currency, minor }) => [
              debit(kind, owner, { minor, currency }),
              credit("commission_expense", "counter", { minor, currency }),
            ]),
          }));
          await inOrg((tx) => postTransactions(tx, transactions, now));
          expect(await inOrg(verifyLedger)).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("the same cause posts once, and asking again returns the first transaction", async () => {
    const [first] = await inOrg((tx) => postTransactions(tx, [transaction("once")], now));
    const before = await entryCount();
    const [second] = await inOrg((tx) => postTransactions(tx, [transaction("once")], now));
    expect(second).toEqual({ transactionId: first?.transactionId, repeated: true });
    expect(await entryCount()).toBe(before);
  });

  test("the same cause with other lines is refused and changes nothing", async () => {
    await inOrg((tx) => postTransactions(tx, [transaction("fixed")], now));
    const before = await entryCount();
    await expect(inOrg((tx) => postTransactions(tx, [transaction("fixed", 101n)], now))).rejects.toThrow(
      /already posted/,
    );
    expect(await entryCount()).toBe(before);
  });

  test("a transaction that does not balance is refused by the verb, and by the database itself", async () => {
    const lopsided = { ...transaction("lopsided"), lines: [debit("cash", "", eur(2n)), credit("fees", "", eur(1n))] };
    await expect(inOrg((tx) => postTransactions(tx, [lopsided], now))).rejects.toThrow(
      /does not balance: 1 minor units of EUR/,
    );
    const smuggled = inOrg(async (tx) => {
      const [posted] = await postTransactions(tx, [transaction("smuggled")], now);
      await tx.execute(sql`insert into ledger_entries (id, transaction_id, account_id, line, currency, amount_minor, balance_after_minor, account_version, event_at)
        select 'ent_x', ${posted?.transactionId}, account_id, 9, currency, 5, 5, 999, event_at from ledger_entries where currency = 'EUR' limit 1`);
    });
    await expect(smuggled).rejects.toMatchObject({
      cause: { message: expect.stringContaining("does not balance in EUR") },
    });
  });

  test.each([
    "update ledger_entries set amount_minor = 1",
    "delete from ledger_entries",
    "delete from ledger_transactions",
  ])("whoever serves requests cannot rewrite history: %s", async (statement) => {
    await expect(inOrg((tx) => tx.execute(sql.raw(statement)))).rejects.toMatchObject({
      cause: { message: expect.stringContaining("permission denied") },
    });
  });

  test("another organization sees none of it and cannot post into it", async () => {
    const other = await setUpOrganization(opened.database, now);
    const rows = await opened.database.inOrganization(other.orgId, (tx) =>
      tx.execute(sql`select * from ledger_entries`),
    );
    expect((rows as unknown as { rows: unknown[] }).rows).toEqual([]);
    const forged = opened.database.inOrganization(other.orgId, (tx) =>
      tx.execute(
        sql`insert into ledger_accounts (id, org_id, kind, owner_id, currency) values ('acc_x', ${orgId}, 'cash', '', 'EUR')`,
      ),
    );
    await expect(forged).rejects.toMatchObject({ cause: { message: expect.stringContaining("row-level security") } });
  });

  test("verify names an account whose balance was tampered with", async () => {
    await inOrg((tx) => postTransactions(tx, [transaction("tampered")], now));
    await inOrg((tx) =>
      tx.execute(
        sql`update ledger_accounts set balance_minor = balance_minor + 1 where kind = 'cash' and owner_id = 'paypal'`,
      ),
    );
    const violations = await inOrg(verifyLedger);
    expect(violations).toHaveLength(1);
    expect(violations[0]?.rule).toMatch(/balance is the sum of its entries/);
  });

  test("the same cause and purpose twice in one call is posted once, and refused when the lines differ", async () => {
    const [first, second] = await inOrg((tx) =>
      postTransactions(tx, [transaction("eff_twice"), transaction("eff_twice")], now),
    );
    expect(second).toEqual({ transactionId: first?.transactionId, repeated: true });
    const before = await entryCount();
    const contradiction = [transaction("eff_other", 100n), transaction("eff_other", 500n)];
    await expect(inOrg((tx) => postTransactions(tx, contradiction, now))).rejects.toMatchObject({ code: "conflict" });
    expect(await entryCount()).toBe(before);
  });

  test("a correction names a transaction that was posted", async () => {
    const corrects = { causeId: "eff_never", purpose: "test" };
    const wrong = inOrg((tx) => postTransactions(tx, [{ ...transaction("eff_corrects"), corrects }], now));
    await expect(wrong).rejects.toMatchObject({ code: "not_found" });
  });
});
