import { expect, type Locator, type Page, test } from "@playwright/test";
import { buildBatch, discardBatch, signIn } from "./demo";

/** Opens what a figure is made of, then the thing behind its first order; the drawer that is left has the calculation. */
async function openFirstOrder(page: Page, figure: Locator): Promise<void> {
  await figure.click();
  const drawer = page.getByRole("dialog");
  await expect(drawer.getByText(/is the sum of [\d,]+ ledger entr/)).toBeVisible();
  await drawer
    .getByRole("link", { name: /^Order / })
    .first()
    .click();
}

for (const word of ["Held", "Payable"])
  test(`a figure of the Overview, ${word}, leads to the calculation and the raw request`, async ({ page }) => {
    await signIn(page, "Operator");
    const figure = page.getByRole("region", { name: "Balances" }).locator("dl div").filter({ hasText: word }).first();
    await openFirstOrder(page, figure.getByRole("link"));
    await page.waitForURL("**/console/conversions?open=cnv_*");
    await expect(page.getByRole("dialog").getByText(/\(rule "/)).toBeVisible();
    await page.getByRole("dialog").getByRole("link", { name: "raw request" }).first().click();
    await expect(page.getByRole("dialog").getByRole("region", { name: "request line" })).toBeVisible();
  });

test("a figure of the Overview, Paid, leads to its payouts and what each one pays", async ({ page }) => {
  await signIn(page, "Operator");
  const paid = page.getByRole("region", { name: "Balances" }).locator("dl div").filter({ hasText: "Paid" }).first();
  await paid.getByRole("link").click();
  await page
    .getByRole("dialog")
    .getByRole("link", { name: /^Payout / })
    .first()
    .click();
  await page.waitForURL("**/console/payouts/bat_*?open=pay_*");
  await expect(page.getByRole("dialog").getByText(/^What it pays: \d+ movement/)).toBeVisible();
});

test("an affiliate's figure leads to the earning and its calculation", async ({ page }) => {
  await signIn(page, "Affiliate");
  await openFirstOrder(page, page.locator("dl div").filter({ hasText: "Held" }).first().getByRole("link"));
  await page.waitForURL("**/portal/earnings?open=cnv_*");
  await expect(page.getByRole("dialog").getByText(/\(rule "/)).toBeVisible();
});

test("no amount on the way from the Overview to the portal is a dead end", async ({ page, browser }) => {
  await signIn(page, "Operator");
  await expectEveryAmountToOpen(page, ["/console", "/console/conversions", "/console/payouts"]);
  await buildBatch(page, "EUR");
  await page.getByRole("tab", { name: "Left out, and why" }).click();
  await expect(page.getByRole("region", { name: "Left out, and why" })).toBeVisible();
  await expectAmountsToOpen(page);
  await discardBatch(page);
  const portal = await browser.newPage();
  await signIn(portal, "Affiliate");
  await expectEveryAmountToOpen(portal, ["/portal", "/portal/earnings", "/portal/payouts"]);
});

async function expectEveryAmountToOpen(page: Page, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await page.goto(path);
    await expectAmountsToOpen(page);
  }
}

/** Every amount is part of a link, or of a row or line that one link covers. The batch's own total is explained by the payouts under it. */
async function expectAmountsToOpen(page: Page): Promise<void> {
  const amounts = page.locator("main .figures", { hasText: /[A-Z]{3}$/ });
  await expect(amounts.first()).toBeVisible();
  const dead = await amounts.evaluateAll((elements) =>
    elements
      .filter((element) => !element.closest("a") && !element.closest("tr, li")?.querySelector("a"))
      .filter((element) => element.closest("dd")?.previousElementSibling?.textContent !== "Total")
      .map((element) => element.textContent),
  );
  expect(dead, page.url()).toEqual([]);
}
