import { createHmac, timingSafeEqual } from "node:crypto";
import type { RawRequest } from "./network";

/** `digest` names the signed content: whoever sends it again, under whatever header, sends the same digest. */
export type SignatureCheck = { kind: "valid"; digest: string } | { kind: "refused"; reason: string };

/** How far a sender's clock may be from ours, either way. */
const TOLERANCE_SECONDS = 300;

/** During a change of secrets a sender signs with both; more than a few signatures are an attack. */
const SIGNATURES_MAX = 5;

/** Whether a signed request is from the holder of the secret, unchanged and fresh (±300 s, both ends included).
 *
 *  What a sender signs, with HMAC-SHA256, the secret's UTF-8 bytes as the key, the result in hex:
 *  - POST: header `X-Signature: t=<unix seconds>,v1=<hex>` over the bytes `<t>.<body>`. The address carries no query,
 *    because nothing there would be signed. Several `v1=` are allowed while a secret is being changed.
 *  - GET: parameter `sig=<hex>`, and `t` (or else `ts`) with the time in unix seconds or milliseconds. Signed is the
 *    query exactly as sent, percent-encoding included, without `sig`: its `name=value` pairs sorted by bytes and joined
 *    with "&". Example: for `?txn_id=7&amount=9.50&t=1767225600&sig=…` the text is `amount=9.50&t=1767225600&txn_id=7`.
 *
 *  Guarantees: works on the bytes before anything is parsed; compares in constant time. A signature that was valid
 *  stays valid for 300 s: repeats are for the receiver to recognise, by the digest. */
export function verifySignature(request: RawRequest, secret: string, now: Date): SignatureCheck {
  if (secret === "") return refused("the source has no secret to check signatures with");
  const signed = request.method === "POST" ? signedBody(request) : signedQuery(request);
  if ("kind" in signed) return signed;
  const ageSeconds = now.getTime() / 1000 - signed.seconds;
  if (Math.abs(ageSeconds) > TOLERANCE_SECONDS) {
    const side = ageSeconds > 0 ? "old" : "in the future";
    return refused(
      `the signature is ${Math.round(Math.abs(ageSeconds))} s ${side}; ${TOLERANCE_SECONDS} s are allowed`,
    );
  }
  const given = signed.signatures.map((hex) => Buffer.from(hex, "hex"));
  const expected = createHmac("sha256", secret).update(signed.bytes).digest();
  const isOurs = given.map((signature) => timingSafeEqual(signature, expected)).includes(true);
  return isOurs ? { kind: "valid", digest: expected.toString("hex") } : refused("the signature does not match");
}

type Signed = { bytes: Uint8Array; seconds: number; signatures: string[] };
type Refused = Extract<SignatureCheck, { kind: "refused" }>;

function signedBody(request: RawRequest): Signed | Refused {
  const header = request.headers["x-signature"];
  if (header === undefined) return refused("no X-Signature header");
  if (request.target.includes("?")) return refused("a signed POST carries everything in its body, not in the query");
  const parts = header.split(",").map((part) => part.trim().split("="));
  const times = parts.flatMap(([name, value]) => (name === "t" ? [value ?? ""] : []));
  const [time] = times;
  if (time === undefined || times.length > 1 || !/^\d{10}$/.test(time)) {
    return refused("X-Signature needs one t=<unix seconds>");
  }
  const signatures = parts.flatMap(([name, value]) => (name === "v1" ? [value ?? ""] : []));
  const bytes = Buffer.concat([Buffer.from(`${time}.`), request.body]);
  return checked({ bytes, seconds: Number(time), signatures }, "X-Signature needs v1=<64 hex digits>");
}

function signedQuery(request: RawRequest): Signed | Refused {
  const query = request.target.includes("?") ? request.target.slice(request.target.indexOf("?") + 1) : "";
  const pairs = query.split("&").filter((pair) => pair !== "");
  const valuesOf = (name: string) =>
    pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
  const signatures = valuesOf("sig");
  if (signatures.length === 0) return refused("no sig parameter");
  if (signatures.length > 1) return refused("sig is given twice");
  const times = valuesOf("t").length > 0 ? valuesOf("t") : valuesOf("ts");
  const [time] = times;
  if (time === undefined || times.length > 1 || !/^\d{10}(?:\d{3})?$/.test(time)) {
    return refused("a signed query needs one t or ts in unix seconds or milliseconds");
  }
  // In ASCII the order of characters is the order of bytes, and one text has one encoding.
  if (/[^\p{ASCII}]/u.test(query)) return refused("a signed query is percent-encoded ASCII");
  const rest = pairs.filter((pair) => !pair.startsWith("sig=")).sort();
  const bytes = Buffer.from(rest.join("&"), "ascii");
  const seconds = time.length === 13 ? Number(time) / 1000 : Number(time);
  return checked({ bytes, seconds, signatures }, "sig must be 64 hex digits");
}

function checked(signed: Signed, rule: string): Signed | Refused {
  const { signatures } = signed;
  if (signatures.length > SIGNATURES_MAX) return refused(`more than ${SIGNATURES_MAX} signatures`);
  const isHex = signatures.length > 0 && signatures.every((hex) => /^[0-9a-f]{64}$/i.test(hex));
  return isHex ? signed : refused(rule);
}

function refused(reason: string): Refused {
  return { kind: "refused", reason };
}
