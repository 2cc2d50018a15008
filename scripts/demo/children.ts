import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** After a polite word; what is cut off then recovers like after any crash. */
const STOP_MS_MAX = 3_000;

const running = new Set<ChildProcess>();

export type ChildOptions = {
  variables?: Record<string, string>;
  /** A file descriptor to write standard output to; "inherit" shows it. */
  output?: number | "inherit";
};

/** Starts `node …args` in a process group of its own that ends when this process is gone, however it ends. */
export function startChild(
  args: readonly string[],
  { variables, output = "inherit" }: ChildOptions = {},
): ChildProcess {
  const watch = pathToFileURL(join(import.meta.dirname, "end-with-parent.mjs")).href;
  const child = spawn(process.execPath, ["--import", watch, ...args], {
    env: { ...process.env, ...variables, TRIBUTARY_LAUNCHER: String(process.pid) },
    stdio: ["ignore", output, "inherit"],
    detached: process.platform !== "win32",
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** The end of a child: its exit code, or the signal that ended it. */
export function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? signal ?? 1));
  });
}

/** Stops every child and waits until all are gone. `now`: without a polite word. */
export async function stopChildren({ now = false } = {}): Promise<void> {
  await Promise.all([...running].map((child) => stop(child, now)));
}

async function stop(child: ChildProcess, now: boolean): Promise<void> {
  const gone = endOf(child);
  signalGroup(child, now ? "SIGKILL" : "SIGTERM");
  const limit = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_MS_MAX);
  await gone;
  clearTimeout(limit);
  // What the child itself had started and left.
  signalGroup(child, "SIGKILL");
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
