import { fstatSync } from "node:fs";

const lookEveryMs = 500;

/** Calls `onGone` once when the process that started this one is gone: this process got another parent, or the pipe
 *  on standard input was closed (which also works through wrappers that outlive their own parent). */
export function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  let isGone = false;
  const gone = () => {
    if (isGone) return;
    isGone = true;
    clearInterval(look);
    onGone();
  };
  const look = setInterval(() => process.ppid !== parent && gone(), lookEveryMs);
  look.unref();
  if (!isPipe()) return;
  process.stdin.on("end", gone).on("close", gone).on("error", gone).resume();
  process.stdin.unref?.();
}

/** A terminal or /dev/null on standard input says nothing about the parent. */
function isPipe(): boolean {
  try {
    const input = fstatSync(0);
    return input.isFIFO() || input.isSocket();
  } catch {
    return false;
  }
}
