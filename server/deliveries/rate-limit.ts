/** Admits at most `perMinute` requests a minute per key, refilled continuously, with bursts of up to ten seconds' worth. Kept in
 *  memory: each process counts for itself, which is enough to protect it. */
export function createRateLimit(now: () => number = () => performance.now()) {
  const buckets = new Map<string, { tokens: number; at: number }>();

  /** Seconds to wait, or 0 when the request is admitted. */
  return function admit(key: string, perMinute: number): number {
    const at = now();
    const capacity = Math.max(1, perMinute / 6);
    const bucket = buckets.get(key) ?? { tokens: capacity, at };
    const refilled = Math.min(capacity, bucket.tokens + ((at - bucket.at) * perMinute) / 60_000);
    if (refilled < 1) {
      buckets.set(key, { tokens: refilled, at });
      return Math.max(1, Math.ceil(((1 - refilled) * 60) / perMinute));
    }
    buckets.set(key, { tokens: refilled - 1, at });
    return 0;
  };
}
