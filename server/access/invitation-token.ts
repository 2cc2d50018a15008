import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

const ID = /^inv_[0-9a-z]+$/;

/** What an invitation's link carries: its id, and proof that we made the link. Nothing of it is stored, so neither the database nor a backup of it
 *  lets anybody in. A new APP_SECRET ends every link. */
export function invitationToken(invitationId: string, appSecret: string): string {
  return `${invitationId}.${proofOf(invitationId, appSecret).toString("base64url")}`;
}

/** The invitation that a link is for; null when we did not make it. */
export function invitationOf(token: string, appSecret: string): string | null {
  const [id = "", proof = "", ...more] = token.split(".");
  if (!ID.test(id) || more.length > 0) return null;
  const given = Buffer.from(proof, "base64url");
  const expected = proofOf(id, appSecret);
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected) ? id : null;
}

function proofOf(invitationId: string, appSecret: string): Buffer {
  const key = Buffer.from(hkdfSync("sha256", appSecret, "", "tributary invitation", 32));
  return createHmac("sha256", key).update(invitationId).digest();
}
