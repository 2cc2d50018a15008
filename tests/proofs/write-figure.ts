import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { Figure } from "./figure";

const FOLDER = "docs/figures";

/** Writes a figure to `docs/figures/NAME.json`, which README and notes quote: with what measured it and on what. */
export function writeFigure({ postgres, notes, ...figure }: Figure, run: { seed: number; seconds: number }): void {
  const record = {
    ...figure,
    notes,
    seed: run.seed,
    commit: commit(),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memory: `${Math.round(totalmem() / 1024 ** 3)} GiB`,
      node: process.versions.node,
      postgres,
    },
    seconds: run.seconds,
    at: new Date().toISOString(),
  };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${figure.figure}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

/** The commit that was measured, marked when files differ from it; "unknown" outside a checkout. */
function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const changed = git("status", "--porcelain", "--", ".", `:!${FOLDER}`).trim() !== "";
    return `${git("rev-parse", "--short=12", "HEAD").trim()}${changed ? " with changes" : ""}`;
  } catch {
    return "unknown";
  }
}
