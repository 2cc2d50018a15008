import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { type RawRequest, verifySignature } from "@/server/networks";
import { get, post } from "./request";

const secret = "whsec_8f2d";
const now = new Date("2026-01-01T00:00:00Z");
const t = "1767225600";
const body = '{"txn_id":"1","payout":12.10}';

const hmac = (text: string | Uint8Array, key = secret) => createHmac("sha256", key).update(text).digest("hex");
const signedPost = (header: string): RawRequest => {
  const request = post(body, "application/json");
  return { ...request, headers: { ...request.headers, "x-signature": header } };
};
const good = `v1=${hmac(`${t}.${body}`)}`;
const query = `amount=9.50&t=${t}&txn_id=7`;

const valid: [what: string, request: RawRequest][] = [
  ["a POST", signedPost(`t=${t},${good}`)],
  ["a POST with blanks in the header", signedPost(`t=${t}, ${good}`)],
  ["a POST during a change of secrets", signedPost(`t=${t},v1=${hmac("x", "old")},${good}`)],
  ["a POST with a scheme of the future", signedPost(`t=${t},v2=abc,${good}`)],
  ["hex in capitals", signedPost(`t=${t},v1=${good.slice(3).toUpperCase()}`)],
  ["a GET, its parameters in any order", get(`txn_id=7&amount=9.50&t=${t}&sig=${hmac(query)}`)],
  ["a GET with ts", get(`ts=${t}&txn_id=7&sig=${hmac(`ts=${t}&txn_id=7`)}`)],
  ["a GET with ts in milliseconds", get(`ts=${t}000&txn_id=7&sig=${hmac(`ts=${t}000&txn_id=7`)}`)],
  ["a GET whose t is fresh although its ts is old", get(`t=${t}&ts=1600000000&sig=${hmac(`t=${t}&ts=1600000000`)}`)],
];

test.each(valid)("%s signed with the secret is valid", (_what, request) => {
  expect(verifySignature(request, secret, now)).toEqual({
    kind: "valid",
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

const refused: [what: string, request: RawRequest, reason: RegExp][] = [
  ["no header", post(body), /no X-Signature/],
  ["an empty header", signedPost(""), /one t=/],
  ["no time", signedPost(good), /one t=/],
  ["two times", signedPost(`t=${t},t=${t},${good}`), /one t=/],
  ["a time that is no number", signedPost(`t=now,${good}`), /one t=/],
  ["no signature", signedPost(`t=${t}`), /v1=<64 hex digits>/],
  ["a short signature", signedPost(`t=${t},v1=ab`), /v1=<64 hex digits>/],
  ["a signature that is no hex", signedPost(`t=${t},v1=${"z".repeat(64)}`), /v1=<64 hex digits>/],
  ["six signatures", signedPost(`t=${t},${Array(6).fill(good).join(",")}`), /more than 5/],
  ["another secret", signedPost(`t=${t},v1=${hmac(`${t}.${body}`, "other")}`), /does not match/],
  ["another time than the signed one", signedPost(`t=1767225601,${good}`), /does not match/],
  ["another body", { ...signedPost(`t=${t},${good}`), body: Buffer.from(`${body} `) }, /does not match/],
  ["a query beside the body", { ...signedPost(`t=${t},${good}`), target: "/p?status=approved" }, /not in the query/],
  ["no sig", get(query), /no sig/],
  ["an empty sig", get(`${query}&sig=`), /64 hex/],
  ["two sigs", get(`${query}&sig=${hmac(query)}&sig=${hmac(query)}`), /twice/],
  ["no time in the query", get(`txn_id=7&sig=${hmac("txn_id=7")}`), /one t or ts/],
  ["two times in the query", get(`t=${t}&t=1&sig=${hmac(`t=1&t=${t}`)}`), /one t or ts/],
  ["a parameter changed", get(`${query.replace("9.50", "99.5")}&sig=${hmac(query)}`), /does not match/],
  ["a parameter added", get(`${query}&status=approved&sig=${hmac(query)}`), /does not match/],
  [
    "a parameter written otherwise",
    get(`${query.replace("txn_id=7", "txn_id=%37")}&sig=${hmac(query)}`),
    /does not match/,
  ],
  ["a parameter left out", get(`t=${t}&txn_id=7&sig=${hmac(query)}`), /does not match/],
  ["characters that share a byte", get(`sub1=ł&t=${t}&sig=${hmac(`sub1=B&t=${t}`)}`), /percent-encoded ASCII/],
];

test.each(refused)("%s is refused", (_what, request, reason) => {
  expect(verifySignature(request, secret, now)).toEqual({ kind: "refused", reason: expect.stringMatching(reason) });
});

test.each([
  [-301, "refused"],
  [-300, "valid"],
  [0, "valid"],
  [300, "valid"],
  [301, "refused"],
  [86_400 * 365, "refused"],
])("a sender's clock %s s from ours: %s, for POST and GET", (seconds, kind) => {
  const at = new Date(now.getTime() + seconds * 1000);
  expect(verifySignature(signedPost(`t=${t},${good}`), secret, at).kind).toBe(kind);
  expect(verifySignature(get(`${query}&sig=${hmac(query)}`), secret, at).kind).toBe(kind);
});

test("the signature covers the bytes of the body, also those that are no text", () => {
  const bytes = Uint8Array.from([0xff, 0x00, 0xfe]);
  const v1 = hmac(Buffer.concat([Buffer.from(`${t}.`), bytes]));
  const request = { ...signedPost(`t=${t},v1=${v1}`), body: bytes };
  expect(verifySignature(request, secret, now).kind).toBe("valid");
  expect(verifySignature({ ...request, body: Uint8Array.from([0xfd, 0x00, 0xfe]) }, secret, now).kind).toBe("refused");
});

test("without a secret nothing is valid, not even what is signed with an empty one", () => {
  expect(verifySignature(signedPost(`t=${t},v1=${hmac(`${t}.${body}`, "")}`), "", now).kind).toBe("refused");
});
