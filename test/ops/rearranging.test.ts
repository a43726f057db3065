import fc from "fast-check";
import { expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { concat, Generator, grad, ones, rand, stack, tensor, zeros, type Shape } from "../../src/index.js";

const generator = new Generator(9);
const random = (shape: Shape) => rand(shape, { dtype: "float64", generator }).sub(0.5);
const sizes = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 });
const shapeAndAxis = sizes.chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)));

test("flipping twice, and rolling there and back, change nothing", () => {
  fc.assert(
    fc.property(shapeAndAxis, fc.integer({ min: -9, max: 9 }), ([shape, axis], shift) => {
      const x = random(shape);
      expect(x.flip(axis).flip(axis)).toEqual(x);
      expect(x.flip().data).toEqual(x.data.toReversed());
      expect(x.roll(shift, axis).roll(-shift, axis)).toEqual(x);
      expect(x.roll(shift).roll(-shift)).toEqual(x);
    }),
  );
});

test("what is split or chunked concatenates to the whole; no chunk is larger than the first", () => {
  fc.assert(
    fc.property(shapeAndAxis, fc.integer({ min: 1, max: 4 }), ([shape, axis], count) => {
      const x = random(shape);
      const chunks = x.chunk(count, axis);
      expect(concat(x.split(count, axis), axis)).toEqual(x);
      expect(concat(chunks, axis)).toEqual(x);
      expect(chunks.length).toBeLessThanOrEqual(count);
      expect(Math.max(...chunks.map((chunk) => chunk.shape[axis]))).toBe(chunks[0].shape[axis]);
    }),
  );
});

test("what is stacked can be taken out again", () => {
  fc.assert(
    fc.property(shapeAndAxis, fc.nat(2), ([shape, axis], pick) => {
      const parts = [random(shape), random(shape), random(shape)];
      const whole = stack(parts, axis);
      expect(whole.index([...Array<null>(axis).fill(null), pick])).toEqual(parts[pick]);
      expect(whole.indexSelect(axis, [pick]).squeeze(axis)).toEqual(parts[pick]);
    }),
  );
});

test("padding is undone by slicing, in every mode", () => {
  const modes = fc.constantFrom("constant", "reflect", "replicate", "circular");
  fc.assert(
    fc.property(modes, fc.nat(2), fc.nat(2), (mode, before, after) => {
      const x = random([2, 3]);
      const padded = x.pad([[before, after]], { mode, value: 7 });
      expect(padded.shape).toEqual([2, 3 + before + after]);
      expect(padded.slice(before, before + 3, { axis: 1 })).toEqual(x);
    }),
  );
  expect(zeros([1]).pad([[1, 1]], { value: 7 })).toBeAllClose([7, 0, 7]);
  expect(zeros([0]).pad([[1, 1]]).shape).toEqual([2]);
  const fitted = (dtype: "bool" | "int32") => zeros([1], { dtype }).pad([[1, 0]], { value: 7.5 });
  expect([...fitted("bool").data]).toEqual([1, 0]);
  expect([...fitted("int32").data]).toEqual([7, 0]);
});

test("tile is concatenation with itself, repeatInterleave a tile seen column by column", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(3), (repeats, size) => {
      const x = random([2, size]);
      expect(x.tile([repeats])).toEqual(concat(Array(repeats).fill(x), 1));
      const columns = x
        .unsqueeze(-1)
        .tile([repeats])
        .reshape([2, size * repeats]);
      expect(x.repeatInterleave(repeats, 1)).toEqual(columns);
    }),
  );
});

test("expand, squeeze, unsqueeze and flatten only rename places", () => {
  fc.assert(
    fc.property(shapeAndAxis, ([shape, axis]) => {
      const x = random(shape);
      expect(x.unsqueeze(axis).squeeze(axis)).toEqual(x);
      expect(x.flatten().data).toEqual(x.data);
      expect(x.flatten(axis).shape).toEqual([
        ...shape.slice(0, axis),
        shape.slice(axis).reduce((a, b) => a * b, 1),
      ]);
      expect(x.expand([2, ...shape.map(() => -1)])).toEqual(x.unsqueeze(0).tile([2, ...shape.map(() => 1)]));
    }),
  );
});

test("index reads what nested loops read", () => {
  const x = random([3, 4, 2]);
  const at = (i: number, j: number, k: number) => x.data[(i * 4 + j) * 2 + k];
  const index = fc.tuple(fc.integer({ min: -3, max: 2 }), fc.integer({ min: -4, max: 3 }), fc.nat(1));
  fc.assert(
    fc.property(fc.array(index, { maxLength: 5 }), (triples) => {
      const lists = [0, 1, 2].map((axis) => triples.map((triple) => triple[axis]));
      const expected = triples.map(([i, j, k]) => at((i + 3) % 3, (j + 4) % 4, k));
      expect(x.index(lists).data).toBeAllClose(expected);
    }),
  );
  // lists with one axis each meet in a grid
  const grid = x.index([tensor([[0], [2]], { dtype: "int32" }), null, tensor([1, 0, 1])]);
  expect(grid.shape).toEqual([2, 3, 4]);
  expect(grid.index([1, 0, 3]).item()).toBe(at(2, 3, 1));
});

test("gather takes out what argmax found", () => {
  fc.assert(
    fc.property(fc.nat(2), (axis) => {
      const x = random([2, 3, 4]);
      const places = x.argmax(axis, { keepDims: true });
      expect(x.gather(axis, places)).toEqual(x.max(axis, { keepDims: true }));
    }),
  );
});

test("one-hot rows times a matrix select its rows; an element picked twice gets both gradients", () => {
  const table = random([4, 3]);
  table.requiresGrad = true;
  const labels = tensor([3, 1, 3], { dtype: "int32" });
  const rows = table.indexSelect(0, labels);
  expect(labels.oneHot(4).cast("float64").matmul(table)).toBeAllClose(rows);
  const counts = ones([3], { dtype: "float64" });
  expect(grad(rows.matmul(counts).sum(), table)).toBeAllClose([
    [0, 0, 0],
    [1, 1, 1],
    [0, 0, 0],
    [2, 2, 2],
  ]);
});

test("masks select and fill the same places", () => {
  fc.assert(
    fc.property(sizes, (shape) => {
      const x = random(shape);
      const positive = x.greater(0);
      expect(x.maskedSelect(positive).data).toEqual(x.data.filter((value) => value > 0));
      expect(x.maskedFill(positive.equal(0), 0)).toBeAllClose(x.relu());
    }),
  );
});

test("dtypes pass through", () => {
  const x = tensor([[1, 2]], { dtype: "int32" });
  const mask = tensor([true, false]);
  const results = [x.flip(), x.pad([[1, 1]]), x.index([0]), x.maskedSelect(mask), x.roll(1), stack([x, x])];
  expect(results.map(({ dtype }) => dtype)).toEqual(Array(6).fill("int32"));
  expect(mask.flip().toArray()).toEqual([false, true]);
});
