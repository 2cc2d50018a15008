import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { importOverrides, rooms } from "@/scripts/import-rules";

type Case = { from: string; code: string };

const forbidden: Case[] = [
  { from: "server/ledger/post.ts", code: `import { x } from "@/server/payouts";` },
  { from: "server/ledger/post.ts", code: `import type { x } from "@/server/payouts";` },
  { from: "server/ledger/post.ts", code: `export { x } from "@/server/payouts";` },
  { from: "server/ledger/post.ts", code: `export const x = () => import("@/server/payouts");` },
  { from: "server/ledger/post.ts", code: `import { x } from "@/server/money/money";` },
  { from: "server/ledger/post.ts", code: `import { x } from "../payouts";` },
  { from: "server/ledger/post.ts", code: `import { x } from "@/app/page";` },
  { from: "server/ledger/post.ts", code: `import { x } from "@/simulator/network";` },
  { from: "server/money/add.ts", code: `import { x } from "@/server/db";` },
  { from: "server/networks/awin.ts", code: `import { x } from "@/server/db";` },
  { from: "server/networks/awin.ts", code: `import { x } from "@/drizzle/schema";` },
  { from: "server/rails/paypal.ts", code: `import { x } from "@/server/payouts";` },
  { from: "server/commissions/rules/diff.ts", code: `import { x } from "@/server/db";` },
  { from: "server/commissions/rules/diff.ts", code: `import { x } from "node:fs";` },
  { from: "server/commissions/rules/diff.ts", code: `import { sql } from "drizzle-orm";` },
  { from: "server/commissions/rules/diff.ts", code: `import { x } from "@/server/commissions/queries";` },
  { from: "server/attribution/find.ts", code: `import { x } from "@/server/conversions";` },
  { from: "app/page.tsx", code: `import { x } from "@/server/ledger/post";` },
  { from: "app/page.tsx", code: `import { x } from "@/drizzle/schema";` },
  { from: "emails/digest.tsx", code: `import { x } from "@/server/money";` },
  { from: "simulator/paypal.ts", code: `import { x } from "@/server/rails";` },
  { from: "simulator/paypal.ts", code: `import { x } from "../server/rails";` },
];

const allowed: Case[] = [
  { from: "server/ledger/post.ts", code: `import { x } from "@/server/money";` },
  { from: "server/ledger/post.ts", code: `import { x } from "@/server/db";` },
  { from: "server/ledger/post.ts", code: `import { x } from "@/drizzle/schema";` },
  { from: "server/ledger/post.ts", code: `import { x } from "./rules/check";` },
  { from: "server/ledger/rules/check.ts", code: `import { x } from "@/server/money";` },
  { from: "server/ledger/rules/check.ts", code: `import { x } from "./sum";` },
  { from: "server/payouts/claim.ts", code: `import { x } from "@/server/rails";` },
  { from: "server/networks/awin.ts", code: `import { x } from "node:crypto";` },
  { from: "app/page.tsx", code: `import { x } from "@/server/ledger";` },
  { from: "emails/digest.tsx", code: `import { x } from "@/emails/_parts/layout";` },
  { from: "simulator/paypal.ts", code: `import { x } from "@/simulator/books";` },
];

/** They gather what the rooms offer, so they may import any of them. */
const REGISTRIES = ["trpc", "inngest"];

const planted = [...forbidden, ...allowed].map((item, place) => ({ ...item, file: planting(item.from, place) }));
let refused: Set<string>;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-imports-"));
  try {
    plant(folder);
    refused = new Set(lint(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the rules that Biome reads are those of the table", () => {
  const isCurrent = isDeepStrictEqual(JSON.parse(readFileSync("biome.imports.json", "utf8")), {
    overrides: importOverrides(),
  });
  expect(isCurrent, "biome.imports.json differs from scripts/import-rules.ts: npm run format").toBe(true);
});

test("every folder of server/ has its rule", () => {
  const folders = readdirSync("server", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const unruled = folders.map(({ name }) => name).filter((name) => !REGISTRIES.includes(name) && !rooms[name]);
  expect(unruled).toEqual([]);
});

test.each(planted.slice(0, forbidden.length))("refused: $from: $code", ({ file }) => {
  expect(refused).toContain(file);
});

test.each(planted.slice(forbidden.length))("allowed: $from: $code", ({ file }) => {
  expect(refused).not.toContain(file);
});

function plant(folder: string): void {
  const { vcs: _, ...config } = JSON.parse(readFileSync("biome.json", "utf8"));
  writeFileSync(join(folder, "biome.json"), JSON.stringify(config));
  cpSync("biome.imports.json", join(folder, "biome.imports.json"));
  for (const { file, code } of planted) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${code}\n`);
  }
}

/** The folder decides; the name only has to be new. */
function planting(from: string, place: number): string {
  return join(dirname(from), `planted-${place}.${from.endsWith("x") ? "tsx" : "ts"}`);
}

/** The files in which Biome finds a forbidden import. */
function lint(folder: string): string[] {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  const args = [biome, "lint", "--only=style/noRestrictedImports", "--reporter=json", "--max-diagnostics=none", "."];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  const report = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string | { file: string } } }[];
  };
  return report.diagnostics
    .filter(({ category }) => category === "lint/style/noRestrictedImports")
    .map(({ location: { path } }) => (typeof path === "string" ? path : path.file));
}
