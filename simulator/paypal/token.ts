import { createHmac, timingSafeEqual } from "node:crypto";
import { errorReply, type Reply } from "./answers";

const lifetimeSec = 32_400;

type Client = { readonly clientId: string; readonly clientSecret: string };

/** `POST /v1/oauth2/token`. The token carries its own expiry, so it outlives a restart as PayPal's would.
 *  `now` is real time: moving the simulator's clock must not sign anybody out. */
export function issueToken(client: Client, authorization: string | undefined, form: string, now: Date): Reply {
  const expected = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString("base64")}`;
  if (!authorization || !isSame(authorization, expected))
    return { status: 401, body: { error: "invalid_client", error_description: "Client Authentication failed" } };
  if (new URLSearchParams(form).get("grant_type") !== "client_credentials")
    return { status: 400, body: { error: "unsupported_grant_type", error_description: "unsupported grant_type" } };
  const expires = Math.floor(now.getTime() / 1000) + lifetimeSec;
  return {
    status: 200,
    body: {
      scope: "https://uri.paypal.com/payments/payouts",
      access_token: `A21AA.${expires}.${sign(client, expires)}`,
      token_type: "Bearer",
      app_id: "APP-80W284485P519543T",
      expires_in: lifetimeSec,
    },
  };
}

/** Null when the bearer token is good, else the 401. */
export function refuseToken(client: Client, authorization: string | undefined, now: Date): Reply | null {
  const match = /^Bearer A21AA\.(\d{1,12})\.([0-9a-f]+)$/.exec(authorization ?? "");
  const isGood =
    match && Number(match[1]) > now.getTime() / 1000 && isSame(match[2] ?? "", sign(client, Number(match[1])));
  if (isGood) return null;
  if (!authorization)
    return errorReply(401, "AUTHENTICATION_FAILURE", "Authentication failed due to missing authorization header.");
  return {
    status: 401,
    body: { error: "invalid_token", error_description: "Token signature verification failed or the token expired" },
  };
}

function sign(client: Client, expires: number): string {
  return createHmac("sha256", client.clientSecret).update(`${client.clientId}.${expires}`).digest("hex");
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
