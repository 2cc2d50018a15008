import { expect, test } from "@playwright/test";
import { signIn } from "./demo";

test("the affiliate sees what is available, held and paid, with the calculation of every earning", async ({ page }) => {
  await signIn(page, "Affiliate");
  for (const word of ["Available", "Held", "On its way", "Paid"])
    await expect(page.getByText(word, { exact: true }).first()).toBeVisible();
  await page.goto("/portal/earnings");
  await page.getByRole("region", { name: "Earnings" }).getByRole("link").first().click();
  await expect(page.getByRole("dialog").getByText(/\(rule "/)).toBeVisible();
});

test("the affiliate sees its payouts with what each one pays", async ({ page }) => {
  await signIn(page, "Affiliate");
  await page.goto("/portal/payouts");
  await page.getByRole("region", { name: "Payouts" }).getByRole("link").first().click();
  await expect(
    page
      .getByRole("dialog")
      .getByRole("link", { name: /^Order / })
      .first(),
  ).toBeVisible();
});

test("a changed destination is checked and kept", async ({ page }) => {
  await signIn(page, "Affiliate");
  await page.goto("/portal/destination");
  const field = page.getByLabel("PayPal e-mail address");
  await field.fill("new-address@example.com");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/Saved/)).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue("new-address@example.com");
  await expect(page.getByText("Payouts go there in 3 days")).toBeVisible();
});

test("an affiliate cannot open the console, nor anyone either without signing in", async ({ page }) => {
  await page.goto("/console");
  await page.waitForURL("**/sign-in?next=%2Fconsole");
  await signIn(page, "Affiliate");
  await page.goto("/console/payouts");
  await page.waitForURL("**/portal");
});
