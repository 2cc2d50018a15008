import { expect, test } from "vitest";
import { parseExpression, parsePath } from "@/server/engine/expression";

const event = {
  id: "1",
  name: "n",
  ts: 0,
  data: { n: 3, half: 1.5, word: "x", yes: true, none: null, deep: { word: "y" }, list: [1] },
};

test.each([
  ["event.data.n == 3", true],
  ["event.data.n == 3.0", true],
  ["event.data.n == '3'", false],
  ["event.data.n != '3'", true],
  ["event.data.n > 2.5", true],
  ["event.data.half < 2", true],
  ["event.data.n > '2'", false],
  ["event.data.word < 'y'", true],
  ["event.data.word > 'y'", false],
  ["event.data.yes == true", true],
  ["event.data.none == null", true],
  ["event.data.missing == null", true],
  ["event.data.missing != 'x'", true],
  ["event.data.missing > 3", false],
  ["event.data.missing < 3", false],
  ["event.data.word.length == null", true],
  ["event.data.deep.word == 'y'", true],
  ["event.data.constructor == null", true],
  ["event.name == 'n' && event.data.n == 4", false],
  ["event.name == 'm' || event.data.n == 3", true],
  ["event.data.n == 4 || event.data.n == 3 && event.name == 'm'", false],
  ["(event.data.n == 4 || event.data.n == 3) && event.name == 'n'", true],
  ["event.data.word && event.data.yes", false],
])("%s is %s", (text, expected) => {
  expect(parseExpression(text)(event)).toBe(expected);
});

test.each([
  ["event.data.n ==", "cannot be read as CEL"],
  ["event.data['n'] == 1", "uses []"],
  ["event.data.n >= 1", "uses >="],
  ["!event.data.yes", "uses !_"],
  ["size(event.data.list) == 1", "uses call"],
  ["async.data.n == 1", "reads async"],
  ["event.data.n == 9007199254740993", "beyond 2^53"],
])("%s is refused: it %s", (text, reason) => {
  expect(() => parseExpression(text)).toThrow(reason);
});

test("a key is a path and nothing else", () => {
  expect(parsePath("event.data.deep.word")(event)).toBe("y");
  expect(parsePath("event.data.gone.word")(event)).toBe(null);
  expect(() => parsePath("event.data.n == 3")).toThrow("not a dotted path");
  expect(() => parsePath("'all'")).toThrow("not a dotted path");
});
