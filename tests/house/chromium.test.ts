import { chromium } from "@playwright/test";
import { expect, test } from "vitest";
import { findChromium, installedPlaces, refuseWithoutBundle } from "@/tests/support/chromium";

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

test.each([
  ["darwin", { HOME: "/Users/ada" }, "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
  ["darwin", { HOME: "/Users/ada" }, "/Users/ada/Applications/Chromium.app/Contents/MacOS/Chromium"],
  ["win32", { PROGRAMFILES: "C:\\Program Files" }, "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"],
  ["linux", {}, "/usr/bin/chromium-browser"],
  ["linux", {}, "/usr/bin/google-chrome"],
])("on %s with %j a browser at its usual place is found", (platform, variables, place) => {
  expect(installedPlaces(platform, variables)).toContain(place);
});

test.each([
  ["darwin", "arm64"],
  ["linux", "arm64"],
  ["win32", "x64"],
])("on %s-%s, for which no browser comes with the packages, the failure says what to do", (platform, arch) => {
  expect(() => refuseWithoutBundle(platform, arch)).toThrow(/install Chrome or set CHROMIUM_PATH$/);
});

test("the search leaves the library path of other processes alone", () => {
  const before = process.env.LD_LIBRARY_PATH;
  findChromium();
  expect(process.env.LD_LIBRARY_PATH).toBe(before);
});
