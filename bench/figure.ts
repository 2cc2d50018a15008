import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

const FOLDER = "docs/figures";

/** How a benchmark is run. */
export type BenchOptions = {
  /** Every step at a small size, for `npm test`: judges whether everything works, not how fast. */
  readonly smoke: boolean;
  /** Length of one load; null: the length at which the figure counts. */
  readonly seconds: number | null;
  /** Progress, for whoever waits. */
  readonly say: (line: string) => void;
};

/** One performance figure as it was measured, with whatever belongs to it. */
export type Figure = {
  readonly figure: string;
  /** Whether nothing is wrong. */
  readonly met: boolean;
  /** Each miss in words. */
  readonly wrong: readonly string[];
  readonly [more: string]: unknown;
};

/** The figure with what it was measured on. */
export function measuredHere(figure: Figure, seconds: number) {
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 1024 ** 3)} GiB`,
    node: process.versions.node,
  };
  return { ...figure, commit: commit(), machine, seconds, at: new Date().toISOString() };
}

/** Writes `docs/figures/NAME.json`, which README and notes quote. */
export function writeFigure(record: ReturnType<typeof measuredHere>): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${record.figure}.json`), `${JSON.stringify(record, null, 2)}\n`);
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
