import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

const FOLDER = "docs/figures";

/** How a figure was measured. `postgres`: the server that took part; null when none did; absent where the figure says so itself. */
export type Measurement = { seconds: number; postgres?: string | null };

/** A figure's own fields, and what measured it on what: commit, machine, seconds and moment. */
export function measuredHere<Fields extends { figure: string }>(
  figure: Fields,
  { seconds, postgres }: Measurement,
): Fields & MeasuredHere {
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 1024 ** 3)} GiB`,
    node: process.versions.node,
    ...(postgres !== undefined && { postgres }),
  };
  return { ...figure, commit: commit(), machine, seconds, at: new Date().toISOString() };
}

/** Writes `docs/figures/NAME.json`, which README and notes quote. */
export function writeFigure(record: { figure: string } & MeasuredHere): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${record.figure}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

type MeasuredHere = { commit: string; machine: Record<string, string | number | null>; seconds: number; at: string };

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
