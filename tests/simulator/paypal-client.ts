import { afterEach } from "vitest";
import { type PayPal, type PayPalOptions, startPayPal } from "@/simulator/paypal/start-paypal";

const running: PayPal[] = [];

afterEach(async () => {
  for (const paypal of running.splice(0)) await paypal.close();
});

/** A PayPal without latency or settle delay that is closed after the test. */
export async function openPayPal(options: Partial<PayPalOptions> = {}): Promise<PayPal> {
  const paypal = await startPayPal({
    clientId: "id",
    clientSecret: "secret",
    latencyMs: 0,
    settleMs: 1000,
    ...options,
  });
  running.push(paypal);
  return paypal;
}

/** Ends one before the test does, so that another can open its books. */
export async function closePayPal(paypal: PayPal): Promise<void> {
  running.splice(running.indexOf(paypal), 1);
  await paypal.close();
}

// biome-ignore lint/suspicious/noExplicitAny: the tests read whatever the wire carries
export type Answer = { status: number; headers: Headers; body: any; text: string };

/** One that may run in this process or another. */
export type Reachable = { readonly url: string };

/** Calls with a fresh bearer token. A caller that gets no answer sees the error fetch throws. */
export async function call(paypal: Reachable, path: string, init: RequestInit = {}): Promise<Answer> {
  const token = await request(`${paypal.url}/v1/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("id:secret")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const headers = { authorization: `Bearer ${token.body.access_token}`, ...init.headers };
  return request(`${paypal.url}${path}`, { ...init, headers });
}

/** Submits a body as a batch. */
export function submit(paypal: Reachable, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return call(paypal, "/v1/payments/payouts", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

/** A batch with one item per receiver; items are named after the batch. */
export function batchOf(
  key: string,
  receivers: string[] = ["anna@example.com"],
  amount = { currency: "EUR", value: "10.00" },
) {
  return {
    sender_batch_header: { sender_batch_id: key, email_subject: "You have a payment" },
    items: receivers.map((receiver, index) => ({
      recipient_type: "EMAIL",
      amount,
      receiver,
      note: "Thank you",
      sender_item_id: `${key}-${index}`,
    })),
  };
}

export function batchIdOf(answer: Answer): string {
  return answer.body.batch_header.payout_batch_id;
}

export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: tryJson(text), text };
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
