import { readdirSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { signIn } from "./demo";

/** What each kind of caller gets of every page and route; a page is named by its address, a route by its methods too. A file that is not
 *  here fails the first test: whoever adds one decides whom it serves. `home` sends on to where the caller belongs. */
type Verdict = "open" | "sign in" | "home" | number;
const CONSOLE = { anonymous: "sign in", affiliate: "home", operator: "open" } as const;
const PORTAL = { anonymous: "sign in", affiliate: "open", operator: "home" } as const;
const everybody = (verdict: Verdict) => ({ anonymous: verdict, affiliate: verdict, operator: verdict });
const MATRIX: Record<string, Record<"anonymous" | "affiliate" | "operator", Verdict>> = {
  "/": { anonymous: "sign in", affiliate: "home", operator: "home" },
  "/sign-in": { anonymous: "open", affiliate: "home", operator: "home" },
  "/console": CONSOLE,
  "/console/conversions": CONSOLE,
  "/console/deliveries": CONSOLE,
  "/console/mails": CONSOLE,
  "/console/payouts": CONSOLE,
  // Whether there is such a batch is told only to who may see it.
  "/console/payouts/[batchId]": { ...CONSOLE, operator: 404 },
  "/console/people": CONSOLE,
  "/console/tasks": CONSOLE,
  // The link is the proof; whether it is one of ours is told on the page.
  "/invitation/[token]": everybody("open"),
  "/portal": PORTAL,
  "/portal/destination": PORTAL,
  "/portal/earnings": PORTAL,
  "/portal/payouts": PORTAL,
  // Only in demo and development, and only from this machine.
  "/dev/mail": everybody("open"),
  "/dev/mail/[mailId]": everybody(404),
  "/api/auth/[...all]": everybody(404),
  "/api/demo/sign-in": everybody(405),
  "/api/health": everybody("open"),
  "/api/inngest": everybody(401),
  "/api/postbacks/[source]": everybody(404),
  "/api/ready": everybody("open"),
  "/api/trpc/[trpc]": everybody(404),
  "/go/[link]": everybody(404),
};

test("every page and route is in the matrix", () => {
  const files = readdirSync("app", { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
  const served = files.filter((file) => /(^|\/)(page\.tsx|route\.tsx?)$/.test(file));
  const addresses = served.map((file) => `/${file.replace(/\(\w+\)\//g, "").replace(/\/?[^/]+$/, "")}`);
  expect(addresses.sort()).toEqual(Object.keys(MATRIX).sort());
});

for (const who of ["anonymous", "affiliate", "operator"] as const) {
  test(`what ${who} gets of each`, async ({ page }) => {
    if (who !== "anonymous") await signIn(page, who === "operator" ? "Operator" : "Affiliate");
    const seen: Record<string, Verdict> = {};
    for (const address of Object.keys(MATRIX)) {
      const response = await page.request.get(address.replace(/\[[^\]]+\]/, "unknown"), { maxRedirects: 0 });
      const status = response.status();
      const to = response.headers().location ?? "";
      if (status === 200) seen[address] = "open";
      else if (status >= 400) seen[address] = status;
      else seen[address] = to.includes("/sign-in") ? "sign in" : "home";
    }
    expect(seen).toEqual(Object.fromEntries(Object.entries(MATRIX).map(([address, by]) => [address, by[who]])));
  });
}
