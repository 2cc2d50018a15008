import { randomBytes, randomFillSync } from "node:crypto";

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
  | "inv"
  | "run"
  | "evt"
  | "job";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Random bytes are drawn for many ids at a time: a call to the system for each costs more than the rest of an id. */
const RANDOM_BYTES = 10;
const drawn = Buffer.alloc(RANDOM_BYTES * 256);
let used = drawn.length;

/** A prefixed id that sorts by time: 48 bits of milliseconds and 80 random bits in Crockford base 32
 *  (the ULID layout, lower case). Not a secret. */
export function newId(prefix: IdPrefix, now: Date): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const bytes = Buffer.allocUnsafe(6 + RANDOM_BYTES);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  drawn.copy(bytes, 6, used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  return `${prefix}_${encodeBase32(bytes)}`;
}

/** A 160-bit secret for places where guessing must be hopeless: postback tokens, sign-in links. */
export function newToken(): string {
  return encodeBase32(randomBytes(20));
}

/** Five bits a character; zero bits in front fill up the first. */
function encodeBase32(bytes: Buffer): string {
  let text = "";
  let held = 0;
  let heldBits = (5 - ((bytes.length * 8) % 5)) % 5;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    heldBits += 8;
    while (heldBits >= 5) {
      heldBits -= 5;
      text += ALPHABET.charAt(held >>> heldBits);
      held &= (1 << heldBits) - 1;
    }
  }
  return text;
}
