import { chromium } from "@playwright/test";
import { expect, test } from "vitest";
import { findChromium } from "@/tests/support/chromium";

test("the Chromium that is found starts, keeps several contexts apart and closes", async () => {
  const browser = await chromium.launch(findChromium());
  const contexts = await Promise.all([browser.newContext(), browser.newContext({ colorScheme: "dark" })]);
  for (const context of contexts) {
    const page = await context.newPage();
    await page.setContent("<h1>12,34 €</h1>");
    expect(await page.textContent("h1")).toBe("12,34 €");
  }
  await contexts[0]?.close();
  expect(browser.isConnected()).toBe(true);
  await browser.close();
});

test("a CHROMIUM_PATH without a file is a failure that names it", () => {
  process.env.CHROMIUM_PATH = "/nowhere/chromium";
  try {
    expect(findChromium).toThrow("CHROMIUM_PATH is /nowhere/chromium, where there is no file");
  } finally {
    delete process.env.CHROMIUM_PATH;
  }
});

test("the search leaves the library path of other processes alone", () => {
  const before = process.env.LD_LIBRARY_PATH;
  findChromium();
  expect(process.env.LD_LIBRARY_PATH).toBe(before);
});
