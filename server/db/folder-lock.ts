import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Refusal } from "@/server/errors";

type Holder = { pid: number; startedAt: string; nonce: string };

/** The locks of this process: on `globalThis`, because Next loads two module graphs. */
const shelf = globalThis as typeof globalThis & { tributaryLocks?: Map<string, string> };

/** Takes the exclusive lock on a folder, a file `lock` that names its holder by process id and start time, so that the lock of a
 *  killed process (or of another one that got its number) counts for nothing. PGlite corrupts a folder that two processes open.
 *  Released by `release`, at the exit of the process, or by its death. Known limit: processes in different containers do not see
 *  each other.
 *  Errors: conflict (another living process has it, or this one already). */
export function lockFolder(folder: string): { release(): void } {
  const path = resolve(folder, "lock");
  shelf.tributaryLocks ??= new Map();
  const locks = shelf.tributaryLocks;
  if (locks.has(path)) throw new Refusal("conflict", `this process (pid ${process.pid}) already has ${folder} open`);
  const mine: Holder = {
    pid: process.pid,
    startedAt: startOf(process.pid) ?? "",
    nonce: randomBytes(8).toString("hex"),
  };
  take(path, mine, folder);
  locks.set(path, mine.nonce);
  const release = () => {
    process.off("exit", release);
    if (locks.get(path) !== mine.nonce) return;
    locks.delete(path);
    rmSync(path, { force: true });
  };
  process.on("exit", release);
  return { release };
}

/** Links a complete file to `path`, which only one process can. Over a stale lock: whoever holds the lock named after that very
 *  lock may replace it, after looking once more; of two starters that saw the same dead holder the second therefore finds the
 *  first, alive. A starter killed on the way leaves a stale guard, which the same rule takes over. */
function take(path: string, mine: Holder, folder: string): void {
  const draft = `${path}.${mine.nonce}.draft`;
  for (;;) {
    // Flushed, so that a power cut leaves no lock without words.
    writeFileSync(draft, JSON.stringify(mine), { mode: 0o600, flush: true });
    try {
      linkSync(draft, path);
      return;
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    } finally {
      unlinkSync(draft);
    }
    const holder = read(path);
    if (!holder) continue; // released between the two looks
    if (isAlive(holder)) {
      throw new Refusal("conflict", `another Tributary process (pid ${holder.pid}) has ${folder} open: stop it first`);
    }
    const guard = `${path}.after-${holder.nonce}`;
    take(guard, mine, folder);
    if (read(path)?.nonce === holder.nonce) {
      renameSync(guard, path);
      return;
    }
    unlinkSync(guard);
  }
}

function read(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Holder;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    // Not written by `take`, which links only complete files.
    if (error instanceof SyntaxError) throw new Refusal("conflict", `${path} is not a lock of Tributary: remove it`);
    throw error;
  }
}

/** A lock with our own number was left by an earlier process that had it (process 1 of a restarted container). */
function isAlive(holder: Holder): boolean {
  return holder.pid !== process.pid && startOf(holder.pid) === holder.startedAt;
}

/** When a living process started, in words that differ for the next process of the same number; undefined when there is none. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, "EPERM")) return undefined;
  }
  if (process.platform === "linux") return linuxStart(pid);
  if (process.platform === "win32") return "";
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat. The command name before it may contain spaces and brackets: count from the last bracket. A
 *  zombie (killed, not yet collected by its parent) holds nothing any more. */
function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
