import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "@/server/errors";
import { endOf, startChild } from "./children";

/** Everything that `next build` reads. */
const SOURCES = ["app", "drizzle/schema", "emails", "public", "server", "instrumentation.ts", "proxy.ts"];
const SETTINGS = ["next.config.ts", "package-lock.json", "postcss.config.mjs", "tsconfig.build.json", "tsconfig.json"];
const STAMP = ".next/tributary-sources";
const NEXT = "node_modules/next/dist/bin/next";

/** Why the app has to be built; null when the build at hand was made of these very sources. */
export function reasonToBuild(build: { isThere: boolean; builtFrom: string | null; sources: string }): string | null {
  if (!build.isThere) return "it was never built here";
  if (build.builtFrom === null) return "nobody wrote down what the build at hand was made of";
  return build.builtFrom === build.sources ? null : "the sources have changed";
}

/** Builds the app for production unless the build at hand is of these sources.
 *  Errors: those of build. */
export async function buildWhenNeeded(say: (line: string) => void): Promise<void> {
  const reason = reasonToBuild({
    isThere: existsSync(".next/BUILD_ID"),
    builtFrom: existsSync(STAMP) ? readFileSync(STAMP, "utf8") : null,
    sources: fingerprint([...SOURCES, ...SETTINGS]),
  });
  if (reason === null) return;
  say(`Building the app, because ${reason} (about a minute) …`);
  const started = Date.now();
  await build();
  say(`Built in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** Builds the app for production and writes down of which sources: whoever needs a build next finds this one.
 *  Errors: unavailable (the build failed; it said why). */
export async function build(): Promise<void> {
  // Taken before: what changes while it builds is not in it.
  const sources = fingerprint([...SOURCES, ...SETTINGS]);
  const code = await endOf(startChild([NEXT, "build"], { variables: { NODE_ENV: "production" } }));
  if (code !== 0) throw new Refusal("unavailable", `next build ended with ${code} (above).`);
  writeFileSync(STAMP, sources);
}

/** A hash over the contents of files and folders: neither git nor the dates of files are needed. */
export function fingerprint(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of paths.filter((path) => existsSync(path)).flatMap(filesOf)) {
    const content = readFileSync(file);
    hash.update(`${file.replaceAll("\\", "/")}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest("hex");
}

function filesOf(path: string): string[] {
  const entries = readEntries(path);
  if (entries === null) return [path];
  return entries.sort((a, b) => (a < b ? -1 : 1)).flatMap((name) => filesOf(join(path, name)));
}

function readEntries(path: string): string[] | null {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return null;
    throw error;
  }
}
