import { fork } from "node:child_process";
import { once } from "node:events";

/** What one load met. */
export type Load = {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  sent: number;
  /** Connections that broke or timed out. */
  errors: number;
  /** The bodies of the answers with status 200; "status body" of others. */
  answers: string[];
};

/** Fires a load from its own process. `prefix` makes its conversions its own; sub-ids name the first `affiliates` members. */
export async function fireLoad(order: {
  url: string;
  connections: number;
  seconds: number;
  prefix: string;
  affiliates: number;
}): Promise<Load> {
  const child = fork("bench/load.mjs", { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the load on ${order.url} ended with ${code} before it had measured`);
  });
  child.send(order);
  const [load] = (await Promise.race([once(child, "message"), ended])) as [Load];
  ended.catch(() => undefined);
  return load;
}
