import { join } from "node:path";
import { type PayPal, startPayPal } from "@/simulator/paypal/start-paypal";

/** Keys of the simulated provider: anybody on this machine may have them. */
export const paypalKeys = { clientId: "demo-client", clientSecret: "demo-secret" } as const;

/** Opens the PayPal of a data folder on a free loopback port, with the books that it kept there.
 *  Errors: unreadable books. */
export function openPayPal(dataDir: string, latencyMs: number): Promise<PayPal> {
  return startPayPal({ ...paypalKeys, booksPath: join(dataDir, "simulator", "paypal.jsonl"), latencyMs });
}
