import type { Op } from "./call-function";

const KNOWN_OPS = ["StepRun", "StepFailed", "StepPlanned", "Sleep", "DiscoveryRequest"];

/** Why the engine cannot carry out this op, or undefined when it can. */
export function refusalOfOp(op: Op): string | undefined {
  if (!KNOWN_OPS.includes(op.op)) return `${op.op} is not implemented by the embedded engine`;
  if (op.opts?.parallelMode !== undefined)
    return `parallel mode ${op.opts.parallelMode} is not implemented by the embedded engine`;
  if (op.op === "Sleep" && sleepEnd(op.name ?? "", 0) === undefined) return `a sleep of "${op.name}" cannot be read`;
  return undefined;
}

/** When a sleep ends. Its length ("1h30m", at least a second in the SDK; "" is none) or its end (ISO) is the op's name. */
export function wakeTime(name: string, now: Date): Date {
  return new Date(sleepEnd(name, now.getTime()) ?? now.getTime());
}

const UNIT_MS: Record<string, number> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };

function sleepEnd(name: string, fromMs: number): number | undefined {
  if (/^(\d+[wdhms])*$/.test(name)) {
    const lengths = [...name.matchAll(/(\d+)([wdhms])/g)].map(
      ([, count, unit]) => Number(count) * (UNIT_MS[unit ?? ""] ?? 0),
    );
    return lengths.reduce((total, ms) => total + ms, fromMs);
  }
  const end = Date.parse(name);
  return Number.isNaN(end) ? undefined : end;
}
