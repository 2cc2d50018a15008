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

test("a drawer opens by keyboard, closes by Escape, and the back button undoes both", async ({ page }) => {
  await signIn(page, "Operator");
  await page.goto("/console/conversions");
  await page.getByRole("row").nth(1).getByRole("link").first().focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
