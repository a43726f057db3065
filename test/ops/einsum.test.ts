import fc from "fast-check";
import { expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { einsum, Generator, outer, rand, type Shape, type Tensor } from "../../src/index.js";

const generator = new Generator(11);
const random = (shape: Shape) => rand(shape, { dtype: "float64", generator }).sub(0.5);
const sizes: Record<string, number> = { a: 2, b: 3, c: 1, d: 2 };
const labels = fc
  .array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 3 })
  .map((letters) => letters.join(""));

/** By the definition: for every combination of indices, the product of the elements it selects. */
function byLoops(terms: string[], output: string, operands: Tensor[]): number[] {
  const letters = [...new Set(terms.join(""))];
  const totals = new Map<string, number>();
  const visit = (index: Record<string, number>, rest: string[]): void => {
    if (rest.length > 0) {
      const [letter, ...others] = rest;
      for (let i = 0; i < sizes[letter]; i++) visit({ ...index, [letter]: i }, others);
      return;
    }
    const product = terms
      .map((term, i) => operands[i].index([...term].map((letter) => index[letter])).item())
      .reduce((p, q) => p * q, 1);
    const place = [...output].map((letter) => index[letter]).join();
    totals.set(place, (totals.get(place) ?? 0) + product);
  };
  visit({}, letters);
  const places = [...output].reduce<string[][]>(
    (all, letter) =>
      all.flatMap((place) => Array.from({ length: sizes[letter] }, (_, i) => [...place, String(i)])),
    [[]],
  );
  return places.map((place) => totals.get(place.join())!);
}

test("agrees with loops over all indices, for any one to three operands", () => {
  const equations = fc.array(labels, { minLength: 1, maxLength: 3 }).chain((terms) => {
    const letters = [...new Set(terms.join(""))];
    return fc.tuple(fc.constant(terms), fc.shuffledSubarray(letters));
  });
  fc.assert(
    fc.property(equations, ([terms, kept]) => {
      const operands = terms.map((term) => random([...term].map((letter) => sizes[letter])));
      const result = einsum(`${terms.join(",")}->${kept.join("")}`, ...operands);
      expect(result.shape).toEqual(kept.map((letter) => sizes[letter]));
      expect(result.data).toBeAllClose(byLoops(terms, kept.join(""), operands), { atol: 1e-12 });
    }),
    { numRuns: 200 },
  );
});

test("writes the products that have names of their own", () => {
  const [a, b, u, v] = [random([2, 3]), random([3, 4]), random([3]), random([3])];
  expect(einsum("ij,jk", a, b)).toBeAllClose(a.matmul(b));
  expect(einsum("i,i", u, v)).toBeAllClose(u.dot(v));
  expect(einsum("i,j", u, v)).toBeAllClose(outer(u, v));
  expect(einsum("ij", a)).toBeAllClose(a);
  expect(einsum(" i j -> j i ", a)).toBeAllClose(a.transpose());
});

test("the result is a tensor of its own", () => {
  const a = random([2, 2]);
  const copy = einsum("ij->ij", a);
  copy.data[0] = 9;
  expect(a.data[0]).not.toBe(9);
});
