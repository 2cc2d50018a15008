import { expect, test } from "vitest";
import { currencyBalances } from "@/server/insight/rules/balances";

const eur = (minor: bigint) => ({ minor, currency: "EUR" });
const jpy = (minor: bigint) => ({ minor, currency: "JPY" });

test("the ledger's credits are shown as what affiliates have, per currency and never added up", () => {
  const totals = [
    { kind: "affiliate_held", total: eur(-500n) },
    { kind: "affiliate_payable", total: eur(-300n) },
    { kind: "payouts_in_transit", total: eur(-200n) },
    { kind: "network_receivable_claimed", total: eur(1400n) },
    { kind: "affiliate_payable", total: jpy(90n) },
  ];
  expect(currencyBalances(totals, [eur(1000n)])).toEqual([
    { currency: "EUR", held: eur(500n), payable: eur(300n), inTransit: eur(200n), paid: eur(1000n) },
    { currency: "JPY", held: jpy(0n), payable: jpy(-90n), inTransit: jpy(0n), paid: jpy(0n) },
  ]);
});

test("a currency in which nothing stands takes no row", () => {
  expect(currencyBalances([{ kind: "affiliate_held", total: eur(0n) }], [])).toEqual([]);
});
