/** The simulator's own time. Real by default; fixed, or running from a chosen moment, so that history can be made. */
export type Clock = {
  now(): Date;
  /** `null` returns to real time. `running` lets time pass from `at` instead of standing still. */
  set(at: Date | null, running?: boolean): void;
};

/** A clock that starts in real time. */
export function simulatedClock(): Clock {
  let read = () => new Date();
  return {
    now: () => read(),
    set(at, running = false) {
      if (at === null) {
        read = () => new Date();
        return;
      }
      const offsetMs = at.getTime() - Date.now();
      read = running ? () => new Date(Date.now() + offsetMs) : () => new Date(at);
    },
  };
}
