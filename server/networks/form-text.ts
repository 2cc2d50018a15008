import { findMacro } from "./macros";
import { quote, Unreadable } from "./unreadable";

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Bytes as text, a byte order mark left out. Errors: Unreadable (not UTF-8, a NUL byte). */
export function readUtf8(bytes: Uint8Array, what: string): string {
  const text = decode(bytes);
  if (text === undefined) throw new Unreadable(`${what} is not valid UTF-8`);
  if (text.includes("\0")) throw new Unreadable(`${what} holds a NUL byte`);
  return text;
}

/** The pairs of a query or form body, in order. `text` holds one byte per character, as Node hands over a raw target.
 *  A value such as "%click_id%" is an unexpanded macro rather than percent-encoding, and is handed on as it stands.
 *  Errors: Unreadable (broken percent-encoding, not UTF-8, a NUL byte). */
export function readFormText(text: string, what: string): [name: string, value: string][] {
  return text
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const split = pair.includes("=") ? pair.indexOf("=") : pair.length;
      const name = decodePercent(pair.slice(0, split), `a parameter name in ${what}`);
      const value = pair.slice(split + 1);
      return [name, findMacro(value) === value ? value : decodePercent(value, `parameter ${quote(name)}`)];
    });
}

function decodePercent(escaped: string, what: string): string {
  if (/^[!-$&-*,-~]*$/.test(escaped)) return escaped;
  if (/%(?![0-9a-fA-F]{2})/.test(escaped)) {
    throw new Unreadable(`${what} has broken percent-encoding: ${quote(escaped)}`);
  }
  const raw = escaped
    .replaceAll("+", " ")
    .replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return readUtf8(Buffer.from(raw, "latin1"), what);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
