import { z } from "zod";
import { Refusal } from "@/server/errors";
import type { EngineFunctions } from "./function";
import { readFunctions } from "./read-functions";
import { sign } from "./signature";

/** The SDK's serve handler, and the key it was given to tell us from strangers. */
export type Served = { handler: (request: Request) => Promise<Response>; signingKey: string };

// Never resolved: the handler is called in process. It only has to be a URL, and its host has to be in a header.
const SERVE_URL = "http://embedded.local/api/inngest";

/** Asks the served handler for its functions and reads them.
 *  Errors: precondition_failed (the handler refused, or a function needs what the engine does not do). */
export async function askForFunctions(served: Served, now: Date): Promise<EngineFunctions> {
  const response = await request(served, "PUT", "", { url: SERVE_URL }, { "x-inngest-sync-kind": "in_band" });
  const text = await response.text();
  if (response.status !== 200 || response.headers.get("x-inngest-sync-kind") !== "in_band") {
    throw new Refusal(
      "precondition_failed",
      `the serve handler answered the in-band sync with ${response.status}: ${text.slice(0, 500)} (is it served with the same signing key, and INNGEST_ALLOW_IN_BAND_SYNC not 0?)`,
    );
  }
  const { functions } = z.looseObject({ functions: z.array(z.unknown()) }).parse(JSON.parse(text));
  return readFunctions(functions, now);
}

/** Sends one signed request to the served handler, in process. */
export function request(
  { handler, signingKey }: Served,
  method: "PUT" | "POST",
  query: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Response> {
  const signed = sign(body, signingKey);
  const url = new URL(query, SERVE_URL);
  return handler(
    new Request(url, {
      method,
      body: signed.text,
      headers: {
        ...headers,
        "content-type": "application/json",
        // The SDK's adapter throws "Invalid URL" without it.
        host: url.host,
        "x-inngest-signature": signed.header,
      },
    }),
  );
}
