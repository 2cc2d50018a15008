import { createHash } from "node:crypto";

/** A number in [0, 1) that depends on the seed and the names alone: neither concurrency nor a restart changes it. */
export function draw(seed: number, ...names: (string | number)[]): number {
  return hashOf(seed, names).readUIntBE(0, 6) / 2 ** 48;
}

/** `length` capitals and digits that depend on the seed and the names alone. */
export function drawCode(length: number, seed: number, ...names: (string | number)[]): string {
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  const bytes = hashOf(seed, names);
  let code = "";
  for (let i = 0; i < length; i++) code += alphabet[(bytes[i % bytes.length] ?? 0) % alphabet.length];
  return code;
}

/** One of a list, evenly. Errors: an empty list. */
export function pick<T>(list: readonly T[], seed: number, ...names: (string | number)[]): T {
  const chosen = list[Math.floor(draw(seed, ...names) * list.length)];
  if (chosen === undefined) throw new Error("nothing to pick from: the list is empty");
  return chosen;
}

function hashOf(seed: number, names: (string | number)[]): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([seed, ...names]))
    .digest();
}
