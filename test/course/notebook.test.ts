import { expect, test } from "vitest";
import { parseNotebook, readNotebook, sourceOf } from "../../src/course/notebook.js";

test.for([
  ['{"cells": [', "n.ipynb: not a notebook: the JSON is damaged or cut off"],
  ["", "n.ipynb: not a notebook: the JSON is damaged or cut off"],
  ["[]", "n.ipynb: not a notebook: it has no list of cells"],
  ["null", "n.ipynb: not a notebook: it has no list of cells"],
  ['{"cells": [], "nbformat": 3}', "n.ipynb: notebook format 3; expected 4"],
  ['{"cells": [{}], "nbformat": 4}', "n.ipynb: not a notebook: cell 1 has no type or source"],
  [
    '{"cells": [], "nbformat": 4, "metadata": {"kernelspec": {"language": "python"}}}',
    "n.ipynb: a notebook in python; expected TypeScript",
  ],
])("%s is refused in one line", ([text, message]) => {
  expect(() => parseNotebook(text, "n.ipynb")).toThrow(message);
});

test("a missing file and a directory are told apart", () => {
  expect(() => readNotebook("/nowhere/n.ipynb")).toThrow("/nowhere/n.ipynb: no such file");
  expect(() => readNotebook("/")).toThrow("/: is a directory; name a file");
});

test("source may be text or lines, and comes back with Unix line ends", () => {
  expect(sourceOf({ cell_type: "code", metadata: {}, source: ["a\r\n", "b"] })).toBe("a\nb");
});
