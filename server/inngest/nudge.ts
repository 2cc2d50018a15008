/** Gathers calls per key: the first runs `act` at once, those within `quietMs` of it are answered together by one more. What a
 *  burst of requests starts is one event, not one per request. */
export function createNudge(act: (key: string) => Promise<void>, quietMs: number): (key: string) => void {
  const cooling = new Map<string, { again: boolean }>();

  function run(key: string): void {
    const state = { again: false };
    cooling.set(key, state);
    // A lost event loses nothing: the sweep starts the same work.
    void act(key).catch(() => {});
    setTimeout(() => {
      cooling.delete(key);
      if (state.again) run(key);
    }, quietMs).unref();
  }

  return (key) => {
    const state = cooling.get(key);
    if (state) state.again = true;
    else run(key);
  };
}
