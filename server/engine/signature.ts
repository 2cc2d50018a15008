import { createHmac } from "node:crypto";
import canonicalize from "canonicalize";

/** The body as the SDK will see it and the header that proves it comes from us: HMAC-SHA256 over the canonical JSON and the
 *  second of signing, with the key's text after its "signkey-…-" prefix. The SDK compares that second with the real
 *  clock (5 minutes either way), so it is the real one even where the engine's clock is injected. */
export function sign(body: unknown, signingKey: string): { text: string; header: string } {
  const text = canonicalize(body) ?? "null";
  const second = Math.floor(Date.now() / 1000).toString();
  const key = signingKey.replace(/^signkey-\w+-/, "");
  const mac = createHmac("sha256", key).update(text).update(second).digest("hex");
  return { text, header: `t=${second}&s=${mac}` };
}
