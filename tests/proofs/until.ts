import { setTimeout as pause } from "node:timers/promises";

const STEP_MS = 25;

/** Asks again and again until the answer is there; how long that takes is nobody's promise, so the limit is only a net.
 *  Errors: what was waited for, when the limit has passed. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, limitMs = 30_000): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`${what} did not come true within ${limitMs} ms`);
    await pause(STEP_MS);
  }
}
