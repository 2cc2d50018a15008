import { expect, type Page, test } from "@playwright/test";
import { MEMBER, newOrder, postbackAddress, report, signIn } from "./demo";

const sale = (order: string) => ({
  transaction_id: order,
  payout: "3.10",
  currency: "EUR",
  status: "approved",
  sub1: MEMBER,
});

/** Notes every row that is tinted from now on; a look at the right moment would be a matter of luck. */
async function noteTints(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    document.body.dataset.tinted = "";
    document.addEventListener("animationstart", ({ animationName, target }) => {
      if (animationName === "changed") document.body.dataset.tinted += `${(target as Element).textContent}\n`;
    });
  });
  return () => page.evaluate(() => document.body.dataset.tinted ?? "");
}

test("a sale reported while one was on another screen stands in the list one comes back to", async ({ page }) => {
  await signIn(page, "Operator");
  const address = await postbackAddress(page);
  const places = page.getByRole("navigation", { name: "Places" });
  await places.getByRole("link", { name: "Conversions" }).click();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await places.getByRole("link", { name: "Overview" }).click();
  await page.waitForURL("**/console");
  const order = newOrder("BACK");
  await report(page, address, sale(order));
  await expect(page.getByRole("listitem").filter({ hasText: order }).first()).toBeVisible();
  await places.getByRole("link", { name: "Conversions" }).click();
  await expect(page.getByRole("link", { name: order, exact: true })).toBeVisible();
});

for (const place of ["Conversions", "Deliveries"])
  test(`a new row in ${place} is tinted as it comes`, async ({ page }) => {
    await signIn(page, "Operator");
    const address = await postbackAddress(page);
    await page.goto(`/console/${place.toLowerCase()}`);
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    await expect(page.getByRole("row").nth(1)).toBeVisible();
    const tinted = await noteTints(page);
    const order = newOrder("TINT");
    await report(page, address, sale(order));
    await expect.poll(tinted).toContain(order);
  });

test("the paused feed keeps still, says how much is newer, and shows it when it goes on", async ({ page }) => {
  await signIn(page, "Operator");
  const address = await postbackAddress(page);
  await page.getByRole("button", { name: "Pause" }).press("Enter");
  const resume = page.getByRole("button", { name: "Resume" });
  await expect(resume).toBeFocused();
  const tinted = await noteTints(page);
  const order = newOrder("PAUSE");
  await report(page, address, sale(order));
  await expect(page.getByText(/^Paused, \d+( or more)? newer$/)).toBeVisible();
  const line = page.getByRole("listitem").filter({ hasText: order });
  await expect(line).toHaveCount(0);
  expect(await tinted()).toBe("");
  await resume.press("Enter");
  await expect(line.first()).toBeVisible();
});
