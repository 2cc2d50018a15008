import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const LOOK_EVERY_MS = 250;

/** Calls `onGone` when the npm that runs this command was killed: nobody could stop the command any more, and npm's own shell outlives
 *  it. Started without npm, whoever started this decides (a service, `nohup`). */
export function watchCaller(onGone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined || process.platform === "win32") return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  if (npm === undefined) return;
  const look = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return;
    clearInterval(look);
    onGone();
  }, LOOK_EVERY_MS);
  look.unref();
}

function parentOf(pid: number): number | undefined {
  try {
    return process.platform === "linux"
      ? linuxParent(pid)
      : Number(execFileSync("ps", ["-o", "ppid=", "-p", String(pid)]));
  } catch {
    return undefined;
  }
}

/** Field 4 of /proc/<pid>/stat; the command name before it may hold spaces and brackets. */
function linuxParent(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}
