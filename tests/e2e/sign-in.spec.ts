import { expect, type Page, test } from "@playwright/test";
import { MEMBER, newOrder, postbackAddress, report, signIn } from "./demo";

test("who signs in comes to the page that was asked for, with its filters", async ({ page }) => {
  await page.goto("/console/conversions?status=approved&order=A");
  await page.waitForURL((url) => url.pathname === "/sign-in");
  await page.getByRole("region", { name: "Demo" }).getByRole("button", { name: "Operator" }).click();
  await page.waitForURL((url) => url.pathname === "/console/conversions");
  expect(new URL(page.url()).search).toBe("?status=approved&order=A");
});

test("who signs in with a page of the other role in mind comes home", async ({ page }) => {
  await page.goto("/console/payouts");
  await page.waitForURL((url) => url.pathname === "/sign-in");
  await page.getByRole("region", { name: "Demo" }).getByRole("button", { name: "Affiliate" }).click();
  await page.waitForURL("**/portal");
});

test("a link to the sign-in page leads to no other site", async ({ page }) => {
  for (const next of ["//evil.example", "/\\evil.example", "https://evil.example", "/console/..//evil.example"]) {
    await page.context().clearCookies();
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByRole("region", { name: "Demo" }).getByRole("button", { name: "Operator" }).click();
    await page.waitForURL("**/console");
  }
});

/** A list on screen, and a way to make it read itself again: something happens that it shows. */
async function openList(page: Page): Promise<() => Promise<unknown>> {
  await signIn(page, "Operator");
  const address = await postbackAddress(page);
  await page.goto("/console/conversions?status=approved");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  const sale = { transaction_id: newOrder("TAB"), payout: "2.00", currency: "EUR", status: "approved", sub1: MEMBER };
  return () => report(page, address, sale);
}

test("a session that ended in another tab leads to the sign-in page and from there back", async ({ page }) => {
  const happen = await openList(page);
  await page.request.post("/api/auth/sign-out", { data: {}, headers: { origin: new URL(page.url()).origin } });
  await happen();
  await page.waitForURL((url) => url.pathname === "/sign-in");
  expect(new URL(page.url()).searchParams.get("next")).toBe("/console/conversions?status=approved");
});

test("a tab whose person became one of the other role in another tab goes where that one belongs", async ({ page }) => {
  const happen = await openList(page);
  await page.request.post("/api/demo/sign-in", { data: { role: "affiliate" } });
  await happen();
  await page.waitForURL("**/portal");
});
