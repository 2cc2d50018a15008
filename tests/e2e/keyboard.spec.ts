import { expect, test } from "@playwright/test";
import { signIn } from "./demo";

test("the command palette and two letters lead anywhere", async ({ page }) => {
  await signIn(page, "Operator");
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await page.waitForURL("**/console/conversions");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder(/./).fill("deliveries");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/console/deliveries");
});

test("a drawer opens by keyboard, and Escape or the back button closes it", async ({ page }) => {
  await signIn(page, "Operator");
  await page.goto("/console/conversions");
  const dialog = page.getByRole("dialog");
  const openFirst = async () => {
    await page.getByRole("row").nth(1).getByRole("link").first().focus();
    await page.keyboard.press("Enter");
    await expect(dialog).toBeVisible();
    await expect(page).toHaveURL(/[?&]open=/);
  };
  await openFirst();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await openFirst();
  await page.goBack();
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/\/console\/conversions$/);
});
