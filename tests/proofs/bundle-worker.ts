import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

/** Where packages can be found from. */
const FOLDER = "node_modules/.cache/tributary";

/** Loaded as they are: the driver, because failpoints and worker must share one, and what brings files or native code of its own. */
const EXTERNAL = ["pg", "pino", "ws", "@electric-sql/pglite", "@neondatabase/serverless", "@opentelemetry/*"];

/** The worker's program and the failpoints, joined into one file each: a proof starts dozens of processes, and each would spend most of
 *  its life on finding and translating the same thousand files. */
export type WorkerBundle = { readonly worker: string; readonly failpoints: string };

let bundle: Promise<WorkerBundle> | undefined;

/** Joins them at the first call; the files go when this process ends. */
export function bundleWorker(): Promise<WorkerBundle> {
  bundle ??= make();
  return bundle;
}

async function make(): Promise<WorkerBundle> {
  const folder = resolve(FOLDER, `proof-${process.pid}`);
  // Not written by esbuild: its own process would do so after this one has ended, when nobody removes the folder.
  const { outputFiles } = await build({
    write: false,
    entryPoints: { worker: "scripts/worker.ts", failpoints: "tests/proofs/failpoints.ts" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: EXTERNAL,
    // Packages in the older module format ask for it.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "warning",
  });
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  return { worker: resolve(folder, "worker.mjs"), failpoints: resolve(folder, "failpoints.mjs") };
}
