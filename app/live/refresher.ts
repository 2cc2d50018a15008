/** What a reading brought: everything that was known when it began, or perhaps less. */
export type Reading = "fresh" | "behind";

export type Refresher = { ask: () => void; stop: () => void };

/** Reads when asked: at once, never twice at a time, and again at the earliest `restMs` after the last reading ended. However often it is
 *  asked meanwhile, and also when a reading was behind, one more follows. After `stop` nothing does. */
export function createRefresher(read: () => Promise<Reading>, restMs: number): Refresher {
  let isBusy = false;
  let isDue = false;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async () => {
    isBusy = true;
    isDue = false;
    const reading = await read().catch((): Reading => "behind");
    if (isStopped) return;
    isDue ||= reading === "behind";
    timer = setTimeout(() => {
      isBusy = false;
      if (isDue) void run();
    }, restMs);
  };
  return {
    ask: () => {
      if (isStopped) return;
      if (isBusy) isDue = true;
      else void run();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
