import { createHash } from "node:crypto";
import type { EngineEvent } from "./event";
import type { Expression } from "./expression";

/** What the engine keeps of one attached function. */
export type EngineFunction = {
  id: string;
  triggers: { event: string; condition: Expression | undefined }[];
  crons: string[];
  /** Attempts of one call: its retries and the first. */
  maxAttempts: number;
  /** How many calls of one lane may run at once, over all processes. */
  concurrency: { limit: number; key: Expression | undefined } | undefined;
};

/** The attached functions by id. */
export type EngineFunctions = ReadonlyMap<string, EngineFunction>;

/** Whether one of the function's event triggers wants this event. A trigger name may end in `*`. */
export function isTriggeredBy(fn: EngineFunction, event: EngineEvent): boolean {
  return fn.triggers.some(
    (trigger) =>
      (trigger.event.endsWith("*")
        ? event.name.startsWith(trigger.event.slice(0, -1))
        : event.name === trigger.event) &&
      (trigger.condition === undefined || trigger.condition(event) === true),
  );
}

/** Between the function and its key in the name of a lane: in no function id. */
export const laneSeparator = "\n";

/** The lane of a run: the function, and the value of its concurrency key where it has one. */
export function laneOf(fn: EngineFunction, event: EngineEvent): string {
  if (fn.concurrency?.key === undefined) return fn.id;
  const value = JSON.stringify(fn.concurrency.key(event) ?? null);
  // An index entry holds 2.7 kB; a long key is told apart by its hash.
  const key = value.length <= 200 ? value : createHash("sha256").update(value).digest("hex");
  return `${fn.id}${laneSeparator}${key}`;
}
