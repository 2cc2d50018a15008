import { readFormText, readUtf8 } from "./form-text";
import { type JsonText, readJsonText } from "./json-text";
import { findMacro } from "./macros";
import type { RawRequest } from "./network";
import { quote, Unreadable } from "./unreadable";

/** One parameter of a request. `text` is null where JSON says null; `isNumber` marks the token of a JSON number;
 *  `nested` marks a list or object, which no dialect reads as a value. */
export type Parameter = { name: string; text: string | null; isNumber: boolean; nested: boolean };

/** Parameters by lower-case name: senders write `clickId` and `clickid` for the same thing. */
export type Parameters = ReadonlyMap<string, Parameter>;

/** All parameters of a GET (query) or POST (query with a form or JSON body).
 *  Errors: Unreadable (another method, content type or charset, broken encoding, a parameter given twice with
 *  different values). */
export function readParameters(request: RawRequest): Parameters {
  const query = readQuery(request.target);
  if (request.method === "GET") return mergeParameters(query);
  if (request.method !== "POST") throw new Unreadable(`method ${quote(request.method)} is not read; send GET or POST`);
  const body = readBody(request);
  const fromBody =
    body.kind === "json" ? jsonParameters(readJsonText(body.text)) : formParameters(readFormText(body.raw, "the body"));
  return mergeParameters([...query, ...fromBody]);
}

/** The parameters of a JSON object. Errors: Unreadable (another JSON value, two keys that differ only in case). */
export function readJsonParameters(text: string): Parameters {
  return mergeParameters(jsonParameters(readJsonText(text)));
}

/** A POST body as its declared or evident kind; `raw` holds one byte per character, for form decoding.
 *  Errors: Unreadable (content type, charset, a NUL byte). */
export function readBody(request: RawRequest): { kind: "json" | "form"; text: string; raw: string } {
  const declared = request.headers["content-type"] ?? "";
  const type = declared.split(";")[0]?.trim().toLowerCase() ?? "";
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(declared)?.[1];
  if (charset !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(charset)) {
    throw new Unreadable(`the body declares charset ${quote(charset)}; only UTF-8 is read`);
  }
  if (!/^(?:|text\/plain|application\/x-www-form-urlencoded|(?:application|text)\/(?:[\w.-]+\+)?json)$/.test(type)) {
    throw new Unreadable(`content type ${quote(type)} is not read; send a form or JSON`);
  }
  const text = readUtf8(request.body, "the body");
  // Many clients send JSON under the form's content type: no parameter name of a form begins with a brace.
  const isJson = type.endsWith("json") || text.trimStart().startsWith("{");
  return { kind: isJson ? "json" : "form", text, raw: Buffer.from(request.body).toString("latin1") };
}

/** The value of a parameter as text; an empty or absent one says nothing and is undefined.
 *  Errors: Unreadable (an unexpanded macro, a list or object, control characters, more than `lengthMax` characters). */
export function textOf(parameter: Parameter | undefined, lengthMax = 255): string | undefined {
  if (!parameter) return undefined;
  const { name, nested } = parameter;
  if (nested) throw new Unreadable(`parameter ${quote(name)} is a list or object; one value is needed`);
  const text = parameter.text?.trim() ?? "";
  const macro = findMacro(text);
  if (macro !== undefined) throw new Unreadable(`parameter ${quote(name)} holds the unexpanded macro ${quote(macro)}`);
  if (/\p{Cc}/u.test(text)) throw new Unreadable(`parameter ${quote(name)} holds control characters: ${quote(text)}`);
  if (text.length > lengthMax) {
    throw new Unreadable(`parameter ${quote(name)} has ${text.length} characters; at most ${lengthMax} are read`);
  }
  return text === "" ? undefined : text;
}

function readQuery(target: string): Parameter[] {
  const start = target.indexOf("?");
  if (start < 0) return [];
  const query = target.slice(start + 1);
  const isBytes = [...query].every((character) => character.charCodeAt(0) <= 0xff && character.length === 1);
  const raw = isBytes ? query : Buffer.from(query, "utf8").toString("latin1");
  return formParameters(readFormText(raw, "the query"));
}

function formParameters(pairs: readonly [name: string, value: string][]): Parameter[] {
  return pairs.map(([name, text]) => ({ name, text, isNumber: false, nested: false }));
}

function jsonParameters(value: JsonText): Parameter[] {
  if (value.kind !== "object") throw new Unreadable("the JSON body is not an object: send one conversion a request");
  return [...value.members].map(([name, member]) => {
    const isNull = member.kind === "word" && member.text === "null";
    const text = isNull || !("text" in member) ? null : member.text;
    return { name, text, isNumber: member.kind === "number", nested: !("text" in member) };
  });
}

function mergeParameters(parameters: readonly Parameter[]): Parameters {
  const merged = new Map<string, Parameter>();
  for (const parameter of parameters) {
    const key = parameter.name.toLowerCase();
    const earlier = merged.get(key);
    if (earlier && (earlier.text !== parameter.text || earlier.nested || parameter.nested)) {
      throw new Unreadable(`parameter ${quote(parameter.name)} is given twice with different values`);
    }
    merged.set(key, parameter);
  }
  return merged;
}
