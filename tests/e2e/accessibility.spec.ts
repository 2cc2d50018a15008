import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { signIn } from "./demo";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function expectAccessible(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading").first()).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join("; ")}`);
  expect(told, path).toEqual([]);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`axe finds nothing, ${colorScheme}`, () => {
    test.use({ colorScheme });

    test("before signing in", async ({ page }) => {
      for (const path of ["/sign-in", "/dev/mail", "/nowhere", "/invitation/unknown"])
        await expectAccessible(page, path);
    });

    test("in the console", async ({ page }) => {
      test.slow();
      await signIn(page, "Operator");
      for (const path of [
        "/console",
        "/console/deliveries",
        "/console/conversions",
        "/console/payouts",
        "/console/payouts?build=true",
        "/console/tasks",
        "/console/mails",
        "/console/people",
        "/console?open=held.EUR",
      ]) {
        await expectAccessible(page, path);
      }
      for (const list of ["/console/deliveries", "/console/conversions", "/console/payouts"]) {
        await page.goto(list);
        const href = await page.getByRole("row").nth(1).getByRole("link").first().getAttribute("href");
        await expectAccessible(page, href ?? "");
      }
      const payout = await page.getByRole("region", { name: "Payouts" }).getByRole("link").first().getAttribute("href");
      await expectAccessible(page, payout ?? "");
    });

    test("in the portal", async ({ page }) => {
      test.slow();
      await signIn(page, "Affiliate");
      for (const path of [
        "/portal",
        "/portal?open=paid.EUR",
        "/portal/earnings",
        "/portal/payouts",
        "/portal/destination",
      ])
        await expectAccessible(page, path);
      for (const list of ["/portal/earnings", "/portal/payouts"]) {
        await page.goto(list);
        const href = await page.getByRole("row").nth(1).getByRole("link").first().getAttribute("href");
        await expectAccessible(page, href ?? "");
      }
    });
  });
}

test("axe does report what is wrong", async ({ page }) => {
  await page.setContent("<html lang='en'><title>x</title><main><h1>x</h1><img src='x.png'></main></html>");
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(violations.map(({ id }) => id)).toContain("image-alt");
});
