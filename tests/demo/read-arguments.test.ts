import { expect, test } from "vitest";
import { readArguments } from "@/scripts/demo/read-arguments";

const plain = { port: null, reset: false, simulator: true };

test.each([
  [[], {}, plain],
  [["--reset"], {}, { ...plain, reset: true }],
  [["--no-simulator"], {}, { ...plain, simulator: false }],
  [["--reset", "--no-simulator"], { PORT: "4100" }, { port: 4100, reset: true, simulator: false }],
  [[], { PORT: " 65535 " }, { ...plain, port: 65_535 }],
  [[], { PORT: "" }, plain],
])("a launcher told %j with %j does as told", (argv, variables, expected) => {
  expect(readArguments(argv, variables)).toEqual(expected);
});

test.each([
  [["--rest"], {}, /'--rest'/],
  [["reset"], {}, /'reset'/],
  [["--reset=yes"], {}, /--reset/],
  [[], { PORT: "0" }, /PORT is "0"/],
  [[], { PORT: "65536" }, /from 1 to 65535/],
  [[], { PORT: "3000 4000" }, /PORT is "3000 4000"/],
  [[], { PORT: "-1" }, /PORT is "-1"/],
])("a launcher told %j with %j refuses and says what it takes", (argv, variables, words) => {
  expect(() => readArguments(argv, variables)).toThrow(words);
});
