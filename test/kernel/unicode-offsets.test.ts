import { expect, test } from "vitest";
import { codePoints, utf16Offset } from "../../src/kernel/unicode-offsets.js";

test("Jupyter counts code points, JavaScript UTF-16 units", () => {
  const text = "𝛻é.x";
  expect(utf16Offset(text, 1)).toBe(2);
  expect(utf16Offset(text, 4)).toBe(5);
  for (const points of [0, 1, 2, 3, 4]) expect(codePoints(text, utf16Offset(text, points))).toBe(points);
});
