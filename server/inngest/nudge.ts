export type Nudge = {
  nudge(key: string): void;
  /** Forgets what is gathered, and every later call: a sweep finds what they would have started. */
  stop(): void;
};

type Cooling = { again: boolean; timer?: NodeJS.Timeout };

/** Gathers calls per key: the first runs `act` at once, those within the quiet time after it are answered together by one more. What a
 *  burst of requests starts is a few events, not one per request: the quiet time doubles, up to `quietMsMax`, while calls keep coming. */
export function createNudge(
  act: (key: string) => Promise<void>,
  { quietMs, quietMsMax }: { quietMs: number; quietMsMax: number },
): Nudge {
  const cooling = new Map<string, Cooling>();
  let isStopped = false;

  function run(key: string, waitMs: number): void {
    const state: Cooling = { again: false };
    cooling.set(key, state);
    // A lost event loses nothing: the sweep starts the same work.
    void act(key).catch(() => {});
    state.timer = setTimeout(() => {
      cooling.delete(key);
      if (state.again) run(key, Math.min(2 * waitMs, quietMsMax));
    }, waitMs).unref();
  }

  return {
    nudge(key) {
      if (isStopped) return;
      const state = cooling.get(key);
      if (state) state.again = true;
      else run(key, quietMs);
    },
    stop() {
      isStopped = true;
      for (const { timer } of cooling.values()) clearTimeout(timer);
      cooling.clear();
    },
  };
}
