import fc from "fast-check";
import { expect, test } from "vitest";
import { type JsonText, readJsonText } from "@/server/networks/json-text";

test.each(["0", "12.10", "-0.50", "1e400", "9007199254740993", "0.1000000000000000000001", "1E+2"])(
  "the number %s keeps its token",
  (token) => {
    expect(readJsonText(` ${token} `)).toEqual({ kind: "number", text: token });
  },
);

const refused: [what: string, text: string, reason: RegExp][] = [
  ["nothing", "", /the end of the text is not a value/],
  ["blank", " \n", /the end of the text is not a value/],
  ["a key given twice", '{"a":1,"b":2,"a":1}', /the key "a" is given twice/],
  ["a key given twice through an escape", '{"a":1,"\\u0061":2}', /the key "a" is given twice/],
  ["a key given twice, deep", '[{"x":{"a":1,"a":1}}]', /the key "a" is given twice/],
  ["a leading zero", "012", /"12" at character 2 follows/],
  ["a plus sign", "+1", /"\+1" at character 1 is not a value/],
  ["a hexadecimal", "0x10", /"x10" at character 2 follows/],
  ["a bare point", "1.", /"\." at character 2 follows/],
  ["NaN", "NaN", /not a value/],
  ["single quotes", "{'a':1}", /not a complete string/],
  ["a comment", "{}//x", /follows the end/],
  ["a trailing comma in a list", "[1,]", /"\]" at character 4 is not a value/],
  ["a missing colon", '{"a" 1}', /"1\}" at character 6 stands where ":" belongs/],
  ["a list that never ends", "[1", /the end of the text stands where "," or "\]" belongs/],
  ["a raw line break in a string", '"a\nb"', /not a complete string/],
  ["an escape that is none", '"\\x41"', /not a complete string/],
  ["a NUL byte", '"\\u0000"', /NUL byte/],
  ["half a surrogate pair", '"\\udc00"', /half a surrogate pair/],
  ["33 levels", `${"[".repeat(33)}${"]".repeat(33)}`, /32 levels/],
  ["a blank that JSON does not know", "\u00a01", /not a value/],
  ["two words", "true false", /follows the end/],
];

test.each(refused)("%s is refused, naming the place", (_what, text, reason) => {
  expect(() => readJsonText(text)).toThrow(reason);
});

test("what JSON.parse reads is read the same, whatever the blanks", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, "\t"), (value, blanks) => {
      const text = JSON.stringify(value, null, blanks);
      fc.pre(!/\\u0000|\\ud[89a-f]/.test(text));
      expect(asValue(readJsonText(text))).toEqual(JSON.parse(text));
    }),
    { numRuns: 1000 },
  );
});

test("what JSON.parse refuses is refused", () => {
  const mutated = fc.tuple(fc.json(), fc.nat(), fc.constantFrom(",", "}", "]", '"', ":", "0", "\\", "-"));
  fc.assert(
    fc.property(mutated, ([text, at, sign]) => {
      const place = at % (text.length + 1);
      const changed = text.slice(0, place) + sign + text.slice(place);
      if (isJson(changed)) return;
      expect(() => readJsonText(changed)).toThrow(/JSON:/);
    }),
    { numRuns: 2000 },
  );
});

test("a request full of escapes or of brackets is read or refused without trouble", () => {
  expect(readJsonText(`"${"\\n".repeat(131_000)}"`)).toMatchObject({ kind: "string" });
  expect(() => readJsonText(`"${"\\n".repeat(131_000)}`)).toThrow(/not a complete string/);
  expect(() => readJsonText("[".repeat(262_144))).toThrow(/32 levels/);
});

function asValue(json: JsonText): unknown {
  switch (json.kind) {
    case "object":
      return Object.fromEntries([...json.members].map(([key, member]) => [key, asValue(member)]));
    case "array":
      return json.items.map(asValue);
    case "string":
      return json.text;
    default:
      return JSON.parse(json.text);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
