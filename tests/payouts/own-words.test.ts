import { expect, test } from "vitest";
import { ownFault, whyForAffiliate } from "@/server/payouts/rules/own-words";
import { STATES } from "@/server/payouts/rules/states";

const unregistered = "RECEIVER_UNREGISTERED: Receiver is unregistered";

test.each([
  ["failed", unregistered, /^It could not be paid: there is no PayPal account with this address; .*available again/],
  ["failed", "RISK_DECLINE: declined by our risk model", /^It could not be paid\. The amount is available again/],
  ["returned", null, /^It came back\. The amount is available again/],
  ["returned", "RECEIVING_LIMIT_EXCEEDED: limit", /^It came back: your PayPal account may not take that much/],
  ["unclaimed", unregistered, /^It was sent, but has not been taken at PayPal yet: there is no PayPal account/],
  ["unknown", "ECONNRESET at api.paypal.com", /^PayPal was asked to pay and has not said whether it did\./],
  ["reversed", "retried by Olive", /^PayPal took it back after paying it\./],
] as const)("a payout that is %s (%s) is explained to its affiliate in words of ours", (state, reason, words) => {
  expect(whyForAffiliate({ state, reason, rail: "paypal" })).toMatch(words);
});

test("nothing of what a rail or an operator said is passed on, whatever the state", () => {
  for (const state of STATES) {
    const told = { state, reason: "Olive said: DECLINED_XYZ by risk", rail: "paypal" };
    expect(`${whyForAffiliate(told)} ${ownFault(told)}`, state).not.toMatch(/Olive|DECLINED|risk/);
  }
});
