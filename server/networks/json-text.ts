import { quote, Unreadable } from "./unreadable";

/** JSON as it was written: a number stays the text of its token, because a JavaScript number would change amounts. */
export type JsonText =
  | { readonly kind: "string" | "number" | "word"; readonly text: string }
  | { readonly kind: "array"; readonly items: readonly JsonText[] }
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, JsonText> };

/** Deep enough for every network's documents, shallow enough for the stack. */
const DEPTH_MAX = 32;

const BLANK = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Only finds where a string ends; whether its characters and escapes are allowed is for `JSON.parse` to say. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const WORD = /true|false|null/y;

/** Reads one JSON document strictly (RFC 8259) and refuses what two readers could understand differently: a key given
 *  twice, half a surrogate pair, anything after the document. Also refuses more than 32 levels.
 *  Errors: Unreadable, naming the place. */
export function readJsonText(text: string): JsonText {
  const cursor: Cursor = { text, at: 0 };
  const value = readValue(cursor, 1);
  take(cursor, BLANK);
  if (cursor.at < text.length) throw new Unreadable(`JSON: ${place(cursor)} follows the end of the document`);
  return value;
}

type Cursor = { readonly text: string; at: number };

function readValue(cursor: Cursor, depth: number): JsonText {
  if (depth > DEPTH_MAX) throw new Unreadable(`JSON: nested more than ${DEPTH_MAX} levels deep`);
  take(cursor, BLANK);
  switch (cursor.text[cursor.at]) {
    case "{":
      return { kind: "object", members: readMembers(cursor, depth) };
    case "[":
      return { kind: "array", items: readItems(cursor, depth) };
    case '"':
      return { kind: "string", text: readString(cursor) };
  }
  const word = take(cursor, WORD);
  if (word !== "") return { kind: "word", text: word };
  const number = take(cursor, NUMBER);
  if (number !== "") return { kind: "number", text: number };
  throw new Unreadable(`JSON: ${place(cursor)} is not a value`);
}

function readMembers(cursor: Cursor, depth: number): Map<string, JsonText> {
  const members = new Map<string, JsonText>();
  cursor.at += 1;
  if (skipTo(cursor, "}")) return members;
  do {
    take(cursor, BLANK);
    const key = readString(cursor);
    if (members.has(key)) throw new Unreadable(`JSON: the key ${quote(key)} is given twice`);
    if (!skipTo(cursor, ":")) throw new Unreadable(`JSON: ${place(cursor)} stands where ":" belongs`);
    members.set(key, readValue(cursor, depth + 1));
  } while (skipTo(cursor, ","));
  if (!skipTo(cursor, "}")) throw new Unreadable(`JSON: ${place(cursor)} stands where "," or "}" belongs`);
  return members;
}

function readItems(cursor: Cursor, depth: number): JsonText[] {
  const items: JsonText[] = [];
  cursor.at += 1;
  if (skipTo(cursor, "]")) return items;
  do {
    items.push(readValue(cursor, depth + 1));
  } while (skipTo(cursor, ","));
  if (!skipTo(cursor, "]")) throw new Unreadable(`JSON: ${place(cursor)} stands where "," or "]" belongs`);
  return items;
}

function readString(cursor: Cursor): string {
  const where = place(cursor);
  const text = parseString(take(cursor, STRING));
  if (text === undefined) throw new Unreadable(`JSON: ${where} is not a complete string`);
  if (text.includes("\0")) throw new Unreadable("JSON: a string holds a NUL byte");
  if (/\p{Surrogate}/u.test(text)) throw new Unreadable("JSON: a string holds half a surrogate pair");
  return text;
}

function parseString(token: string): string | undefined {
  try {
    return String(JSON.parse(token));
  } catch {
    return undefined;
  }
}

function skipTo(cursor: Cursor, sign: string): boolean {
  take(cursor, BLANK);
  if (cursor.text[cursor.at] !== sign) return false;
  cursor.at += 1;
  return true;
}

function take(cursor: Cursor, token: RegExp): string {
  token.lastIndex = cursor.at;
  const found = token.exec(cursor.text)?.[0] ?? "";
  cursor.at += found.length;
  return found;
}

function place(cursor: Cursor): string {
  if (cursor.at >= cursor.text.length) return "the end of the text";
  return `${quote(cursor.text.slice(cursor.at, cursor.at + 12))} at character ${cursor.at + 1}`;
}
