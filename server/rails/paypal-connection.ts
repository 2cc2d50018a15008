import { tokenAnswer } from "./paypal-answers";

/** `fetch`, as far as this rail uses it. */
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type PayPalAccess = {
  /** `https://api-m.paypal.com`, or the sandbox, or a simulator. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fetch?: Fetch;
  /** For one request, its answer's body included. */
  readonly timeoutMs?: number;
};

/** What came of a request. `not_sent` proves that PayPal never got it, because there was no token to send it with. */
export type Exchange =
  | { kind: "answer"; status: number; text: string; json: unknown; retryAfterSeconds?: number }
  | { kind: "no_answer"; reason: string }
  | { kind: "not_sent"; reason: string };

/** Sends authorized requests. Never throws for what the network or PayPal does. */
export type PayPalConnection = {
  send(request: { method: "GET" | "POST"; path: string; key?: string; body?: string }): Promise<Exchange>;
};

const TIMEOUT_MS = 30_000;

/** A token is renewed this long before it ends, so that none ends on its way. */
const TOKEN_MARGIN_MS = 60_000;

/** A connection that gets a token when it needs one and keeps it until shortly before it ends. A 401 renews it once and
 *  repeats the request: what PayPal answers with 401 it has not accepted. Guarantees: neither the secret nor a token
 *  appears in any outcome. */
export function connectPayPal(access: PayPalAccess): PayPalConnection {
  let cached: { token: string; endsAtMs: number } | undefined;
  let renewal: Promise<Exchange | string> | undefined;

  async function takeToken(): Promise<Exchange | string> {
    if (cached && Date.now() < cached.endsAtMs) return cached.token;
    renewal ??= renew().finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  async function renew(): Promise<Exchange | string> {
    const credentials = Buffer.from(`${access.clientId}:${access.clientSecret}`).toString("base64");
    const askedAtMs = Date.now();
    const exchange = await request(access, "/v1/oauth2/token", {
      method: "POST",
      headers: { authorization: `Basic ${credentials}`, "content-type": "application/x-www-form-urlencoded" },
      body: "grant_type=client_credentials",
    });
    if (exchange.kind !== "answer") return exchange;
    const answer = exchange.status === 200 ? tokenAnswer.safeParse(exchange.json) : undefined;
    // An answer that holds no usable token may still hold one: it is not quoted.
    if (!answer?.success) return { kind: "not_sent", reason: `PayPal gave no token: HTTP ${exchange.status}` };
    cached = {
      token: answer.data.access_token,
      endsAtMs: askedAtMs + answer.data.expires_in * 1000 - TOKEN_MARGIN_MS,
    };
    return cached.token;
  }

  return {
    async send({ method, path, key, body }) {
      for (let isLast = false; ; isLast = true) {
        const token = await takeToken();
        if (typeof token !== "string") return asNotSent(token);
        const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: "application/json" };
        if (body !== undefined) headers["content-type"] = "application/json";
        if (key !== undefined) headers["paypal-request-id"] = key;
        const exchange = await request(access, path, { method, headers, body });
        if (isLast || exchange.kind !== "answer" || exchange.status !== 401) return exchange;
        if (cached?.token === token) cached = undefined;
      }
    },
  };
}

async function request(access: PayPalAccess, path: string, init: RequestInit): Promise<Exchange> {
  const timeoutMs = access.timeoutMs ?? TIMEOUT_MS;
  try {
    // Following a redirect would show the token to another host and could submit twice.
    const response = await (access.fetch ?? fetch)(`${access.baseUrl.replace(/\/+$/, "")}${path}`, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    const retryAfterSeconds = secondsOf(response.headers.get("retry-after"));
    return { kind: "answer", status: response.status, text, json: parseJson(text), retryAfterSeconds };
  } catch (error) {
    return { kind: "no_answer", reason: reasonOf(error, timeoutMs) };
  }
}

function asNotSent(exchange: Exchange): Exchange {
  if (exchange.kind !== "no_answer") return exchange;
  return { kind: "not_sent", reason: `PayPal gave no token: ${exchange.reason}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function secondsOf(retryAfter: string | null): number | undefined {
  return retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "the request failed";
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
