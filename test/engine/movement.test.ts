import { array, assert, boolean, double, integer, property, record, shuffledSubarray } from "fast-check";
import { describe, expect, test } from "vitest";
import * as g from "../../src/index.js";
import { kernelMemories, numbers } from "./kernel-memory.js";
import { runKernel } from "./run-kernel.js";

const place = { shift: integer({ min: 0, max: 3 }), cut: double({ min: 0, max: 1, noNaN: true }) };

describe.each(kernelMemories)("moving kernels of the %s binary", (_name, memory) => {
  const { kernels } = memory;

  const layouts = record({
    sizes: array(integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 5 }),
    flips: array(boolean(), { minLength: 5, maxLength: 5 }),
    order: shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }),
    seed: integer({ min: 0, max: 999 }),
    ...place,
  });

  test("permuted and flipped copies, and back", () => {
    assert(
      property(layouts, ({ sizes, flips, order, seed, shift, cut }) => {
        const rank = sizes.length;
        const axes = order.filter((axis) => axis < rank);
        const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((a, b) => a * b, 1));
        const shape = axes.map((axis) => sizes[axis]);
        const steps = axes.map((axis, i) => (flips[i] ? -strides[axis] : strides[axis]));
        const size = shape.reduce((a, b) => a * b, 1);
        const start = steps.reduce(
          (at, step, i) => at + (step < 0 ? -step * Math.max(shape[i] - 1, 0) : 0),
          0,
        );
        const x = numbers(size, seed);
        const rows = rank > 1 ? shape.slice(0, -1).reduce((a, b) => a * b, 1) : 1;
        const labels = Int32Array.from([...shape, ...steps]);
        const [copied] = runKernel(
          memory,
          { inputs: [x], labels, outs: [x], units: rows, shift, cut },
          ([at, layout], [out], from, to) => kernels.stridedCopy(at + 4 * start, out, layout, rank, from, to),
        );
        const flipped = shape.map((_, i) => i).filter((i) => flips[i]);
        const permuted = g.permute(g.reshape(g.tensor(Array.from(x)), sizes), axes);
        expect([...copied]).toEqual([...g.flip(permuted, flipped).data]);
        const [back, added] = runKernel(
          memory,
          { inputs: [copied], labels, outs: [new Float32Array(size), x], units: rows, shift, cut },
          ([at, layout], [out, sum], from, to) => {
            kernels.stridedAssign(at, out + 4 * start, layout, rank, from, to);
            kernels.stridedAdd(at, sum + 4 * start, layout, rank, from, to);
          },
        );
        expect(back).toEqual(x);
        expect(added).toEqual(x.map((value) => 2 * value));
      }),
    );
  });

  test("copies that repeat", () => {
    const x = Float32Array.of(1, 2, 3);
    const [out] = runKernel(
      memory,
      {
        inputs: [x],
        labels: Int32Array.of(2, 3, 5, 0, 1, 0),
        outs: [new Float32Array(30)],
        units: 6,
        shift: 1,
        cut: 0.6,
      },
      ([at, layout], [into], from, to) => kernels.stridedCopy(at, into, layout, 3, from, to),
    );
    const column = g.reshape(g.tensor([1, 2, 3]), [1, 3, 1]);
    expect([...out]).toEqual([...g.broadcastTo(column, [2, 3, 5]).data]);
  });

  const matrices = record({
    batch: integer({ min: 0, max: 3 }),
    rows: integer({ min: 0, max: 21 }),
    columns: integer({ min: 0, max: 21 }),
    seed: integer({ min: 0, max: 999 }),
    ...place,
  });

  test("transposes", () => {
    assert(
      property(matrices, ({ batch, rows, columns, seed, shift, cut }) => {
        const x = numbers(batch * rows * columns, seed);
        const [y] = runKernel(
          memory,
          { inputs: [x], outs: [x], units: batch * Math.ceil(columns / 4), shift, cut },
          ([at], [out], from, to) => kernels.transpose(at, out, rows, columns, from, to),
        );
        const cube = g.reshape(g.tensor(Array.from(x)), [batch, rows, columns]);
        expect([...y]).toEqual([...g.permute(cube, [0, 2, 1]).data]);
      }),
    );
  });

  test("rows: between strides, by index, added by index", () => {
    assert(
      property(matrices, integer({ min: 0, max: 400 }), ({ rows, columns, seed, shift, cut }, extra) => {
        const width = columns + extra;
        const x = numbers(rows * (width + 2), seed);
        const indices = Int32Array.from(
          numbers(rows, seed + 1),
          (value) => Math.floor(((value + 1) / 2) * rows) % rows,
        );
        const out = new Float32Array(rows * (width + 3));
        const [copied, gathered] = runKernel(
          memory,
          { inputs: [x], labels: indices, outs: [out, out], units: rows, shift, cut },
          ([at, labels], [copies, picked], from, to) => {
            kernels.copyRows(at + 4, copies + 8, width, width + 2, width + 3, from, to);
            kernels.gatherRows(at, labels, picked, width, from, to);
          },
        );
        const sums = numbers(rows * width, seed + 2);
        const [added] = runKernel(
          memory,
          { inputs: [x], labels: indices, outs: [sums], units: width, shift, cut },
          ([at, labels], [into], from, to) => kernels.scatterAddRows(at, labels, into, rows, width, from, to),
        );
        const [copies, picked] = [out.slice(), out.slice()];
        for (let row = 0; row < rows; row++) {
          copies.set(x.subarray(row * (width + 2) + 1, row * (width + 2) + 1 + width), row * (width + 3) + 2);
          picked.set(x.subarray(indices[row] * width, (indices[row] + 1) * width), row * width);
          for (let i = 0; i < width; i++) sums[indices[row] * width + i] += x[row * width + i];
        }
        expect(copied).toEqual(copies);
        expect(gathered).toEqual(picked);
        expect(added).toEqual(sums);
      }),
    );
  });
});
