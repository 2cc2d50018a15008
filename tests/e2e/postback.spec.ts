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
