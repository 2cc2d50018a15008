import { get } from "node:http";
import { expect, test } from "@playwright/test";
import { MEMBER, newOrder, postbackAddress, report, signIn } from "./demo";

test("a postback is on the open Overview without a reload, and its repeat moves no money", async ({ page }) => {
  await signIn(page, "Operator");
  const address = await postbackAddress(page);
  const order = newOrder("LIVE");
  const fields = { transaction_id: order, payout: "12.40", currency: "EUR", status: "approved", sub1: MEMBER };
  expect(await report(page, address, fields)).toMatchObject({ result: "accepted" });
  const line = page.getByRole("listitem").filter({ hasText: order });
  await expect(line.first()).toBeVisible();
  expect(await report(page, address, fields)).toMatchObject({ result: "duplicate" });

  await page.goto(`/console/conversions?order=${order}`);
  await page.getByRole("link", { name: order }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByText("Accrued", { exact: true })).toHaveCount(1);
  await expect(drawer.getByText(/of the reward of 12\.40 EUR/)).toBeVisible();
  await drawer.getByRole("link", { name: "raw request" }).click();
  await expect(page.getByRole("dialog").getByRole("region", { name: "request line" })).toContainText(
    `transaction_id=${order}`,
  );
});

test("an order approved, declined and approved again ends approved with three entries in its history", async ({
  page,
}) => {
  await signIn(page, "Operator");
  const address = await postbackAddress(page);
  const order = newOrder("ADA");
  for (const status of ["approved", "declined", "approved"]) {
    const fields = { transaction_id: order, payout: "8.00", currency: "EUR", status, sub1: MEMBER };
    expect(await report(page, address, fields)).toMatchObject({ result: "accepted" });
  }
  await page.goto(`/console/conversions?order=${order}`);
  await page.getByRole("link", { name: order }).click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByRole("link", { name: "raw request" })).toHaveCount(3);
  await expect(drawer.getByText("Owed again", { exact: true })).toBeVisible();
  await expect(drawer.getByRole("figure")).toContainText("Approved");
});

test("what cannot be read is quarantined with its reason, shown raw, and can be replayed", async ({ page }) => {
  await signIn(page, "Operator");
  const address = await postbackAddress(page);
  const answer = await report(page, address, { transaction_id: newOrder("BAD"), payout: "1,234", currency: "EUR" });
  expect(answer).toMatchObject({ result: "quarantined", reason: expect.stringContaining("ambiguous") });
  await page.goto("/console/deliveries?result=quarantined");
  await page.getByRole("row").nth(1).getByRole("link").click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByText(/ambiguous/)).toBeVisible();
  await drawer.getByRole("button", { name: "Replay" }).click();
  await expect(page.getByText(/Still not understood/)).toBeVisible();
});

test("an unknown link leads nowhere, whatever its query says", async ({ page, request }) => {
  await signIn(page, "Operator");
  const slug = "not-a-link";
  const missing = await request.get(`/go/${slug}?url=https://evil.example`, { maxRedirects: 0 });
  expect(missing.status()).toBe(404);
});

test("a request is stored and judged as it was sent, to the byte", async ({ page, baseURL }) => {
  await signIn(page, "Operator");
  const address = await postbackAddress(page);
  const sent = async (query: string) => {
    const answer = await rawGet(`${baseURL}${address}`, query);
    const input = encodeURIComponent(JSON.stringify({ json: { deliveryId: answer.delivery } }));
    const response = await page.request.get(`/api/trpc/deliveries.get?input=${input}`);
    const { result } = (await response.json()) as { result: { data: { json: { target: string } } } };
    expect(result.data.json.target.split("?")[1]).toBe(query);
    return answer.result;
  };
  expect(await sent(`transaction_id=${newOrder("RAW")}%20a+b&payout=1.00&sub1=it's~%7E&b&c=`)).toBe("accepted");
  expect(await sent("transaction_id=%FF%FE&payout=1.00")).toBe("quarantined");
  expect(await sent(`transaction_id=${newOrder("ESC")}&payout=1.00&sub1=a%zz`)).toBe("quarantined");
});

/** Sends a query as it stands: clients that parse addresses would write it anew. */
function rawGet(address: string, query: string): Promise<{ result: string; delivery: string }> {
  const { hostname, port, pathname } = new URL(address);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path: `${pathname}?${query}` }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(JSON.parse(text)));
    }).on("error", reject);
  });
}
