import { randomBytes } from "node:crypto";

/** Every kind of row and its prefix: an id read aloud says what it names. */
export type IdPrefix =
  | "org"
  | "prg"
  | "src"
  | "aff"
  | "lnk"
  | "clk"
  | "dlv"
  | "cnv"
  | "chg"
  | "rul"
  | "rlv"
  | "com"
  | "eff"
  | "acc"
  | "txn"
  | "ent"
  | "bat"
  | "pay"
  | "att"
  | "pev"
  | "tsk"
  | "dst"
  | "mail"
  | "usr"
  | "run"
  | "evt"
  | "job";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A prefixed id that sorts by time: 48 bits of milliseconds and 80 random bits in Crockford base 32
 *  (the ULID layout, lower case). Not a secret. */
export function newId(prefix: IdPrefix, now: Date): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  randomBytes(10).copy(bytes, 6);
  return `${prefix}_${encodeBase32(bytes)}`;
}

/** A 160-bit secret for places where guessing must be hopeless: postback tokens, sign-in links. */
export function newToken(): string {
  return encodeBase32(randomBytes(20));
}

function encodeBase32(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const length = Math.ceil((bytes.length * 8) / 5);
  let text = "";
  for (let place = length - 1; place >= 0; place--) {
    text += ALPHABET[Number((bits >> BigInt(place * 5)) & 31n)];
  }
  return text;
}
