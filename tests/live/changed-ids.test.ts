import { expect, test } from "vitest";
import { changedIds } from "@/app/live/changed-ids";

/** "a1 b1" is two rows, `a` and `b`, each with the mark 1. */
const rows = (text: string) =>
  text
    .split(" ")
    .filter(Boolean)
    .map((row) => ({ id: row.slice(0, 1), mark: row.slice(1) }));

test.each([
  { what: "nothing, when the list is as before", before: "a1 b1", now: "a1 b1", changed: "" },
  { what: "a new row on top", before: "a1 b1", now: "c1 a1 b1", changed: "c" },
  { what: "a row that changed in its place", before: "a1 b1", now: "a1 b2", changed: "b" },
  { what: "a row that changed and went to the top", before: "a1 b1", now: "b2 a1", changed: "b" },
  { what: "no row of an older page", before: "a1 b1", now: "a1 b1 c1 d1", changed: "" },
  { what: "a new row, while an older page comes too", before: "a1 b1", now: "x1 a1 b1 c1", changed: "x" },
  { what: "a new row that pushed the last one off the page", before: "a1 b1", now: "x1 a1", changed: "x" },
  { what: "the first rows of an empty list", before: "", now: "a1 b1", changed: "a b" },
  { what: "nothing, when the list has nothing of before", before: "a1", now: "x1 y1", changed: "" },
  { what: "nothing, when rows left", before: "a1 b1", now: "b1", changed: "" },
])("what a list tints is $what", ({ before, now, changed }) => {
  expect(changedIds(rows(before), rows(now)).join(" ")).toBe(changed);
});
