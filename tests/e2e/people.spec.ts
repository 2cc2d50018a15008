import { expect, type Page, test } from "@playwright/test";
import { signIn } from "./demo";

const PASSWORD = "a sentence that is long enough";

/** Invites somebody new of this test's own. Returns the link. */
async function invite(page: Page, person: { name: string; role: string }): Promise<string> {
  await page.goto("/console/people");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.keyboard.press("i");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(person.name);
  await dialog.getByLabel("E-mail").fill(`${person.name.toLowerCase()}@example.com`);
  await dialog.getByLabel("Role").selectOption(person.role);
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const link = (await dialog.getByRole("region", { name: "the invitation's link" }).textContent()) ?? "";
  await dialog.getByRole("button", { name: "Done" }).click();
  return new URL(link).pathname;
}

const newName = (what: string) => `${what}${Date.now().toString(36)}`;

test("an owner invites a viewer, who joins, sees everything, is told why not instead of a button, and can be removed", async ({
  page,
  browser,
}) => {
  test.slow();
  await signIn(page, "Operator");
  const name = newName("Vera");
  const path = await invite(page, { name, role: "viewer" });
  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(path);
  await expect(theirs.getByText(`${name}, you are invited as Viewer`)).toBeVisible();
  await theirs.getByLabel("Choose a password").fill("short");
  await theirs.getByRole("button", { name: "Join" }).click();
  await theirs.getByLabel("Choose a password").fill(PASSWORD);
  await theirs.getByRole("button", { name: "Join" }).click();
  await theirs.waitForURL("**/console");
  await theirs.goto("/console/payouts");
  await expect(
    theirs.getByText("As viewer you may not build or discard payout batches; owner or finance may."),
  ).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Build a batch" })).toHaveCount(0);
  await theirs.keyboard.press("b");
  await expect(theirs.getByRole("dialog")).toHaveCount(0);
  await theirs.goto("/console/people");
  await expect(theirs.getByRole("row", { name: new RegExp(name) })).toContainText("you");
  await expect(theirs.getByRole("button", { name: /^Change/ })).toHaveCount(0);

  await page.reload();
  await page.getByRole("button", { name: `Change ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) })).toHaveCount(0);
  await theirs.goto("/console/people");
  await theirs.waitForURL("**/sign-in**");
  await theirs.context().close();
});

test("an invitation that was taken back, or was never made, says so", async ({ page, browser }) => {
  await signIn(page, "Operator");
  const name = newName("Fay");
  const path = await invite(page, { name, role: "finance" });
  await page.getByRole("button", { name: `Take back the invitation of ${name}` }).click();
  await expect(page.getByRole("button", { name: `Take back the invitation of ${name}` })).toHaveCount(0);
  const theirs = await (await browser.newContext()).newPage();
  for (const link of [path, "/invitation/inv_0123.nonsense", "/invitation/unknown"]) {
    await theirs.goto(link);
    await expect(theirs.getByRole("heading", { name: "This link does not work" })).toBeVisible();
  }
  await theirs.context().close();
});
