import { expect, test } from "vitest";
import { firstPostback } from "@/server/insight/rules/first-postback";
import { networkNamed } from "@/server/networks";

test.each(["EUR", "JPY", "KWD"])(
  "the command that is shown for a first postback in %s is one that we understand",
  (currency) => {
    const parts = { token: "0".repeat(32), currency, affiliate: "m 1&2" };
    const command = firstPostback(parts, { appUrl: "http://localhost:3000", orderId: "FIRST-1" });
    const address = new URL(/^curl '([^']+)'$/.exec(command)?.[1] ?? "");
    const parsed = networkNamed("generic").parseRequest(
      { method: "GET", target: address.pathname + address.search, headers: {}, body: new Uint8Array() },
      { amountFormat: "plain", defaultCurrency: null, defaultStatus: "pending" },
    );
    expect(parsed).toMatchObject({
      kind: "reports",
      reports: [
        { externalId: "FIRST-1", status: "approved", clickRef: "m 1&2", sale: { currency }, reward: { currency } },
      ],
    });
  },
);
