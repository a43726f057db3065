import fc from "fast-check";
import { expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, concat, matmul, rand, tensor, type Shape, type Tensor } from "../../src/index.js";
import { sizeOf, stridesOf } from "../../src/tensor/shape.js";

const generator = new Generator(5);
const random = (shape: Shape) => rand(shape, { dtype: "float64", generator }).sub(0.5);

/** The element of `x` at an index of a broadcast result, by the rule: align at the end, size 1 stays at 0. */
function at(x: Tensor, index: readonly number[]): number {
  const own = index.slice(index.length - x.ndim).map((i, axis) => (x.shape[axis] === 1 ? 0 : i));
  return x.data[own.reduce((position, i, axis) => position + i * stridesOf(x.shape)[axis], 0)];
}

function indices(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

const sizes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });
/** A shape that stretches to `full`: some axes are 1, some leading ones are missing. */
const stretchable = (full: Shape) =>
  fc
    .tuple(fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }), fc.nat(full.length))
    .map(([ones, missing]) => full.map((size, axis) => (ones[axis] ? 1 : size)).slice(missing));
const pairs = sizes.chain((full) => fc.tuple(fc.constant(full), stretchable(full)));

test("elementwise operations agree with loops over the broadcast index", () => {
  fc.assert(
    fc.property(pairs, fc.boolean(), ([full, small], swap) => {
      const [x, y] = swap ? [random(small), random(full)] : [random(full), random(small)];
      const sum = x.sub(y);
      expect(sum.shape).toEqual(full);
      expect(sum.data).toBeAllClose(indices(full).map((index) => at(x, index) - at(y, index)));
    }),
  );
});

test("the gradient of a stretched input is the sum over its copies", () => {
  fc.assert(
    fc.property(pairs, ([full, small]) => {
      const x = random(small);
      x.requiresGrad = true;
      x.add(random(full)).sum().backward();
      const copies = sizeOf(full) / Math.max(sizeOf(small), 1);
      expect(x.grad!.shape).toEqual(small);
      expect(x.grad!.data).toBeAllClose(Array.from(x.data, () => copies));
    }),
  );
});

test("shapes of which neither size is 1 do not broadcast", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 5 }), (a, b) => {
      fc.pre(a !== b);
      expect(() => random([a]).add(random([2, b]))).toThrow(/^add: cannot broadcast/);
    }),
  );
});

test("reshape and back changes nothing, and -1 stands for the missing size", () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 3 }), (shape, first) => {
      const x = random([first, ...shape]);
      const flat = x.reshape([x.size]);
      expect(flat.data).toEqual(x.data);
      expect(flat.reshape(x.shape)).toEqual(x);
      if (x.size > 0) expect(x.reshape([first, -1]).shape).toEqual([first, x.size / first]);
    }),
  );
});

test("permute and its inverse cancel, and move each element to its index", () => {
  const shuffled = sizes.chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.shuffledSubarray(
        shape.map((_, i) => i),
        { minLength: shape.length },
      ),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([shape, dims]) => {
      const x = random(shape);
      const moved = x.permute(dims);
      expect(moved.permute(dims.map((_, axis) => dims.indexOf(axis)))).toEqual(x);
      const back = (index: number[]) => dims.map((_, axis) => index[dims.indexOf(axis)]);
      expect(moved.data).toBeAllClose(indices(moved.shape).map((index) => at(x, back(index))));
    }),
  );
});

test("slices of a partition concatenate to the whole", () => {
  fc.assert(
    fc.property(sizes, fc.nat(4), fc.nat(3), (rest, cut, pick) => {
      const shape = [...rest, 4];
      const axis = pick % shape.length;
      const x = random(shape);
      expect(concat([x.slice(0, cut, { axis }), x.slice(cut, undefined, { axis })], axis)).toEqual(x);
    }),
  );
});

test("slice does along one axis what Array.prototype.slice does", () => {
  const position = fc.integer({ min: -7, max: 7 });
  fc.assert(
    fc.property(position, fc.option(position, { nil: undefined }), (start, end) => {
      const numbers = [1, 2, 3, 4, 5];
      expect(tensor(numbers).slice(start, end).toArray()).toEqual(numbers.slice(start, end));
    }),
  );
});

test("sums over any axes agree with loops", () => {
  const cases = sizes.chain((shape) => fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, i) => i))));
  fc.assert(
    fc.property(cases, ([shape, axes]) => {
      const x = random(shape);
      const total = new Map<string, number>();
      for (const index of indices(shape)) {
        const kept = index.filter((_, axis) => !axes.includes(axis)).join();
        total.set(kept, (total.get(kept) ?? 0) + at(x, index));
      }
      const result = x.sum(axes);
      expect(result.data).toBeAllClose(indices(result.shape).map((index) => total.get(index.join()) ?? 0));
    }),
  );
});

test("matmul agrees with the definition", () => {
  const size = fc.integer({ min: 0, max: 9 });
  fc.assert(
    fc.property(size, size, size, (m, k, n) => {
      const [a, b] = [random([m, k]), random([k, n])];
      const dot = (i: number, j: number) =>
        Array.from({ length: k }, (_, p) => a.data[i * k + p] * b.data[p * n + j]).reduce((s, t) => s + t, 0);
      expect(matmul(a, b).data).toBeAllClose(indices([m, n]).map(([i, j]) => dot(i, j)));
    }),
  );
});
