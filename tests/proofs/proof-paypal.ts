import { type PayPal, type PayPalOptions, startPayPal } from "@/simulator/paypal/start-paypal";

const CLIENT = { clientId: "proof", clientSecret: "proof" };

/** The simulator's PayPal in this process, its books in memory; what it accepts has its first outcome at once. */
export function startProofPayPal(options: Omit<PayPalOptions, "clientId" | "clientSecret">): Promise<PayPal> {
  return startPayPal({ ...CLIENT, latencyMs: 0, settleMs: 0, ...options });
}

/** What connects a worker process to it. */
export function railEnvironment({ url }: { url: string }): Record<string, string> {
  return { PAYPAL_BASE_URL: url, PAYPAL_CLIENT_ID: CLIENT.clientId, PAYPAL_CLIENT_SECRET: CLIENT.clientSecret };
}
