import { expect, test } from "@playwright/test";
import { buildBatch, signIn } from "./demo";

test("a batch is built, reviewed, approved, watched over a reload, and arrives at the affiliate", async ({
  page,
  browser,
}) => {
  test.slow();
  await signIn(page, "Operator");
  await buildBatch(page, "EUR");
  await expect(page.getByText("Draft").first()).toBeVisible();

  await page.getByRole("tab", { name: "Left out, and why" }).click();
  await expect(page.getByRole("region", { name: "Left out, and why" }).getByRole("row").nth(1)).toBeVisible();
  await page.getByRole("tab", { name: "Payouts" }).click();
  const first = page.getByRole("region", { name: "Payouts" }).getByRole("row").nth(1);
  await expect(first).toBeVisible();

  await page.keyboard.press("a");
  await page.getByRole("dialog").getByRole("button", { name: "Approve and pay" }).click();
  const progress = page.getByRole("progressbar");
  await expect(progress).toBeVisible();
  await page.reload();
  await expect(progress).toBeVisible();
  await expect
    .poll(
      async () => (await progress.getAttribute("aria-valuenow")) === (await progress.getAttribute("aria-valuemax")),
      { timeout: 60_000 },
    )
    .toBe(true);

  const paid = page.getByRole("region", { name: "Payouts" }).getByRole("row").filter({ hasText: "Paid" }).first();
  const receiver = (await paid.getByRole("cell").nth(3).textContent()) ?? "";
  expect(receiver).toContain("@");
  await paid.getByRole("link").first().click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByText("Ledger entries")).toBeVisible();
  await drawer
    .getByRole("link", { name: /^Order / })
    .first()
    .click();
  await expect(page.getByRole("dialog").getByText("Commission", { exact: true })).toBeVisible();
  await page.getByRole("dialog").getByRole("link", { name: "raw request" }).first().click();
  await expect(page.getByRole("dialog").getByRole("region", { name: "request line" })).toContainText("/api/postbacks/");

  // The affiliate is told by mail, and sees the same payout in the portal.
  const mails = await browser.newPage();
  await expect(async () => {
    await mails.goto("/dev/mail");
    const mail = mails.getByRole("row").filter({ hasText: receiver }).filter({ hasText: "just now" });
    await expect(mail.first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 90_000 });
  await signIn(mails, "Affiliate");
  await mails.goto("/portal/payouts");
  await expect(
    mails.getByRole("region", { name: "Payouts" }).getByRole("row").filter({ hasText: "just now" }).first(),
  ).toBeVisible();
});

test("failed payouts of a finished batch are retried as new payouts", async ({ page }) => {
  await signIn(page, "Operator");
  await page.goto("/console/payouts");
  await page.goto("/console/payouts?attention=failed");
  const failed = page
    .getByRole("listitem")
    .filter({ hasText: /Failed|Returned/ })
    .first();
  await expect(failed).toBeVisible();
  await failed.getByRole("link").first().click();
  await expect(page.getByRole("dialog").getByText("How it went")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /Retry/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Try again and pay" }).click();
  await expect(page.getByText(/tried again/i).first()).toBeVisible();
});
