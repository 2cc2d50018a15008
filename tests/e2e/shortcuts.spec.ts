import { expect, type Page, test } from "@playwright/test";
import { buildBatch, discardBatch, signIn } from "./demo";

async function pressKeys(page: Page, keys: string): Promise<void> {
  for (const key of keys.split(" ")) await page.keyboard.press(key);
}

test("letters do not leave an open drawer, and do again once it is closed", async ({ page }) => {
  await signIn(page, "Operator");
  await pressKeys(page, "g c");
  await page.waitForURL("**/console/conversions");
  await page.getByRole("row").nth(1).getByRole("link").first().press("Enter");
  const drawer = page.getByRole("dialog");
  await expect(drawer).toBeVisible();
  await pressKeys(page, "g o");
  await expect(drawer).toBeVisible();
  await expect(page).toHaveURL(/\/console\/conversions\?open=/);
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await pressKeys(page, "g o");
  await page.waitForURL("**/console");
});

test("the question whether to approve is opened by its letter and left by none", async ({ page }) => {
  await signIn(page, "Operator");
  await buildBatch(page, "USD");
  const batch = page.url();
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
  await page.keyboard.press("a");
  const question = page.getByRole("dialog", { name: "Approve this batch?" });
  await expect(question).toBeVisible();
  await pressKeys(page, "g o ?");
  await expect(question).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(1);
  expect(page.url()).toBe(batch);
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  await discardBatch(page);
});

test("letters can be turned off, and on again without one", async ({ page }) => {
  await signIn(page, "Operator");
  await page.keyboard.press("?");
  const choice = page.getByRole("checkbox", { name: "Single-key shortcuts" });
  await choice.uncheck();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await pressKeys(page, "g c");
  await page.keyboard.press("Control+k");
  await page.getByPlaceholder(/./).fill("keyboard");
  await page.keyboard.press("Enter");
  await expect(choice).not.toBeChecked();
  await expect(page).toHaveURL(/\/console$/);
  await choice.check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await pressKeys(page, "g c");
  await page.waitForURL("**/console/conversions");
});
