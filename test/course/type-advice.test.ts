import { expect, test } from "vitest";
import { assemble } from "../../src/course/assemble.js";
import { TypeAdviser } from "../../src/course/type-advice.js";
import { manifest, solved } from "./mini-course.js";

const adviser = new TypeAdviser();
const advice = (slope: string) =>
  adviser.adviceOn(
    assemble(
      manifest,
      solved.map((cell) => (cell.source.includes("@exercise slope ") ? { ...cell, source: slope } : cell)),
    ),
  );

test("a right answer gets no advice, with the library or without", () => {
  expect(adviser.adviceOn(assemble(manifest, solved))).toEqual([]);
  expect(
    advice(
      '/** @exercise slope */\nimport { tensor } from "gradlab";\nfunction slope(a: Point, b: Point): number { return tensor(b.y - a.y).div(b.x - a.x).item(); }',
    ),
  ).toEqual([]);
});

test("an error of types is told with the cell and the line", () => {
  expect(
    advice("/** @exercise slope */\nfunction slope(a: Point, b: Point): number {\n  return b.z;\n}"),
  ).toEqual(["types, slope, line 3: Property 'z' does not exist on type 'Point'. (costs no points)"]);
});

test("of many errors the first few", () => {
  const lines = Array.from({ length: 20 }, (_, i) => `const x${i}: number = "";`).join("\n");
  expect(advice(`/** @exercise slope */\nfunction slope(a: Point, b: Point) {\n${lines}\n}`)).toHaveLength(5);
});
