import { join } from "node:path";
import { type PayPal, startPayPal } from "@/simulator/paypal/start-paypal";

/** Keys of the simulated provider: anybody on this machine may have them. */
export const paypalKeys = { clientId: "demo-client", clientSecret: "demo-secret" } as const;

/** Opens the PayPal of a data folder on a free loopback port, with the books that it kept there. `latencyMs` is the time of an answer,
 *  `settleMs` the time from a batch's acceptance to its outcome.
 *  Errors: unreadable books. */
export function openPayPal(dataDir: string, pace: { latencyMs: number; settleMs: number }): Promise<PayPal> {
  return startPayPal({ ...paypalKeys, ...pace, booksPath: join(dataDir, "simulator", "paypal.jsonl") });
}
