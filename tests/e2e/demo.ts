import { expect, type Page } from "@playwright/test";

/** The operator's own id of the demo's showcase member, Anna Keller. */
export const MEMBER = "RC-1001";

type Role = "Operator" | "Affiliate";

/** Steps in as the demo's one-click role and waits until its first screen is live: from then on the page answers to clicks and keys. */
export async function signIn(page: Page, role: Role): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("region", { name: "Demo" }).getByRole("button", { name: role }).click();
  await page.waitForURL(role === "Operator" ? "**/console" : "**/portal");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
}

/** Opens a page by its address and waits until it is live. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
}

/** Builds a draft of one currency. Whoever does not approve it discards it: what a draft holds no other can pay. */
export async function buildBatch(page: Page, currency: string): Promise<void> {
  await open(page, "/console/payouts");
  await page.keyboard.press("b");
  const dialog = page.getByRole("dialog");
  const choice = dialog.getByLabel("Program and currency");
  const options = await choice.getByRole("option").allTextContents();
  await choice.selectOption(options.find((option) => option.endsWith(`, ${currency}`)) ?? "");
  await dialog.getByRole("button", { name: "Build" }).click();
  await page.waitForURL("**/console/payouts/bat_*");
}

/** Throws the draft on the screen away. */
export async function discardBatch(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Discard" }).click();
  await page.waitForURL("**/console/payouts");
}

/** The postback address of a seeded source that needs no signature, read through the signed-in operator's own API. */
export async function postbackAddress(page: Page): Promise<string> {
  const [sources, addresses] = await Promise.all([
    ask<{ id: string; network: string; signed: boolean }[]>(page, "sources.list"),
    ask<{ sourceId: string; path: string }[]>(page, "sources.addresses"),
  ]);
  const source = sources.find(({ network, signed }) => network === "generic" && !signed);
  const address = addresses.find(({ sourceId }) => sourceId === source?.id);
  if (!address) throw new Error("the demo has no unsigned generic source");
  return address.path;
}

async function ask<Answer>(page: Page, procedure: string): Promise<Answer> {
  const response = await page.request.get(`/api/trpc/${procedure}`);
  const { result } = (await response.json()) as { result: { data: { json: Answer } } };
  return result.data.json;
}

/** Sends one report of an order, as a network would, and returns the answer. */
export async function report(
  page: Page,
  address: string,
  fields: Record<string, string>,
): Promise<{ result: string; reason: string | null }> {
  const response = await page.request.get(`${address}?${new URLSearchParams(fields)}`);
  expect(response.status()).toBe(200);
  return (await response.json()) as { result: string; reason: string | null };
}

/** An order number that no other test and no earlier run used. */
export function newOrder(name: string): string {
  return `E2E-${name}-${Date.now().toString(36).toUpperCase()}`;
}
