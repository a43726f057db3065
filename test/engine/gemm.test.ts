import { assert, constant, constantFrom, integer, oneof, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { kernelMemories, numbers, type KernelMemory } from "./kernel-memory.js";

interface Product {
  m: number;
  n: number;
  k: number;
  batch: number;
  /** Which inputs are stored transposed. */
  layout: "nn" | "nt" | "tn" | "tt" | "strided";
  shared: "a" | "b" | "neither";
  accumulate: 0 | 1;
  bias: "none" | "rows" | "columns";
  activation: 0 | 1;
  shift: number;
  seed: number;
}

/** One row or column goes ways of its own: often enough. */
const sizes = (largest: number) =>
  oneof({ weight: 3, arbitrary: integer({ min: 0, max: largest }) }, constant(1));

const products = (largest: number) =>
  record<Product>({
    m: sizes(largest),
    n: sizes(largest),
    k: integer({ min: 0, max: largest }),
    batch: integer({ min: 1, max: 3 }),
    layout: constantFrom("nn", "nt", "tn", "tt", "strided"),
    shared: constantFrom("a", "b", "neither"),
    accumulate: constantFrom(0, 1),
    bias: constantFrom("none", "rows", "columns"),
    activation: constantFrom(0, 1),
    shift: integer({ min: 0, max: 3 }),
    seed: integer({ min: 0, max: 1000 }),
  });

/** Strides of a matrix `[rows, columns]`, and how many elements it spans. */
function strides(rows: number, columns: number, transposed: boolean, strided: boolean) {
  const apart = strided ? 2 : 1;
  const [row, column] = transposed ? [apart, rows * apart] : [columns * apart, apart];
  return { row, column, size: rows * columns * apart };
}

function plan({ m, n, k, batch, layout, shared, seed }: Product) {
  const a = strides(m, k, layout.startsWith("t"), layout === "strided");
  const b = strides(k, n, layout.endsWith("t"), layout === "strided");
  const [aBatch, bBatch] = [shared === "a" ? 0 : a.size, shared === "b" ? 0 : b.size];
  return {
    a: { ...a, batch: aBatch, values: numbers(a.size * batch, seed) },
    b: { ...b, batch: bBatch, values: numbers(b.size * batch, seed + 1) },
    before: numbers(batch * m * n, seed + 2),
    bias: numbers(Math.max(m, n), seed + 3),
  };
}

/** Runs the kernel on the rows between the given panels, one call for each stretch. */
function run(memory: KernelMemory, product: Product, cuts: number[]): Float32Array {
  const { m, n, k, batch, accumulate, activation, shift } = product;
  const { a, b, before, bias } = plan(product);
  memory.clear();
  const c = accumulate ? memory.put(before, shift) : memory.room(batch * m * n, shift);
  const [pa, pb] = [memory.put(a.values, (shift + 1) % 4), memory.put(b.values, (shift + 2) % 4)];
  const pBias = product.bias === "none" ? 0 : memory.put(bias, (shift + 3) % 4);
  const axis = product.bias === "rows" ? 0 : 1;
  const scratch = memory.room(memory.kernels.gemmScratch(m, n, k) / 4);
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [from, to] = [cuts[i], cuts[i + 1]];
    memory.kernels.gemm(
      ...([c, pa, a.batch, a.row, a.column, pb, b.batch, b.row, b.column, batch, m, n, k] as const),
      ...([accumulate, pBias, axis, activation, scratch, from, to] as const),
    );
  }
  memory.expectGuardsIntact();
  return memory.floats(c, batch * m * n);
}

/** The definition, and what the rounding of its terms can add up to. */
function reference(product: Product): { values: Float64Array; bounds: Float64Array } {
  const { m, n, k, batch, accumulate, activation } = product;
  const { a, b, before, bias } = plan(product);
  const [values, bounds] = [new Float64Array(batch * m * n), new Float64Array(batch * m * n)];
  for (let at = 0; at < values.length; at++) {
    const [matrix, i, j] = [Math.floor(at / (m * n)), Math.floor(at / n) % m, at % n];
    const terms = Array.from(
      { length: k },
      (_, p) =>
        a.values[matrix * a.batch + i * a.row + p * a.column] *
        b.values[matrix * b.batch + p * b.row + j * b.column],
    );
    if (accumulate) terms.push(before[at]);
    if (product.bias !== "none") terms.push(bias[product.bias === "rows" ? i : j]);
    const sum = terms.reduce((total, term) => total + term, 0);
    values[at] = activation ? Math.max(sum, 0) : sum;
    bounds[at] = terms.length * 2 ** -23 * terms.reduce((total, term) => total + Math.abs(term), 0);
  }
  return { values, bounds };
}

function expectWithin(got: Float32Array, { values, bounds }: { values: Float64Array; bounds: Float64Array }) {
  const worst = got.findIndex((value, i) => !(Math.abs(value - values[i]) <= bounds[i]));
  expect(worst < 0 ? "within rounding" : `[${worst}]: ${got[worst]} instead of ${values[worst]}`).toBe(
    "within rounding",
  );
}

describe.for(kernelMemories)("gemm of the %s binary", ([, memory]) => {
  test(
    "is the definition, up to rounding, whatever the sizes, layouts and places",
    { timeout: 60_000 },
    () => {
      assert(
        property(products(40), (product) => {
          const panels = product.batch * Math.ceil(product.m / 4);
          expectWithin(run(memory, product, [0, panels]), reference(product));
        }),
        { numRuns: 300 },
      );
    },
  );

  test("blocks of k, rows and columns meet", { timeout: 60_000 }, () => {
    const rest = {
      batch: 1,
      shared: "neither",
      accumulate: 1,
      bias: "columns",
      activation: 0,
      shift: 1,
      seed: 5,
    } as const;
    for (const [m, n, k] of [
      [5, 9, 700],
      [101, 17, 330],
      [9, 530, 21],
      [1, 530, 333],
      [7, 523, 321],
    ]) {
      for (const layout of ["nn", "nt", "tn", "tt", "strided"] as const) {
        const product = { ...rest, m, n, k, layout };
        expectWithin(run(memory, product, [0, Math.ceil(m / 4)]), reference(product));
      }
    }
  });

  test("gives the same bits however the panels of rows are divided", { timeout: 60_000 }, () => {
    assert(
      property(products(130), integer({ min: 1, max: 7 }), (product, piece) => {
        const panels = product.batch * Math.ceil(product.m / 4);
        const cuts = [0];
        while (cuts[cuts.length - 1] < panels) cuts.push(Math.min(panels, cuts[cuts.length - 1] + piece));
        const whole = run(memory, product, [0, panels]);
        expect(Buffer.from(run(memory, product, cuts).buffer).equals(Buffer.from(whole.buffer))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("a NaN reaches what it should, relu keeps it", () => {
    memory.clear();
    const [a, b, c] = [memory.put([NaN, 1, 2, 3]), memory.put([1, 0, 0, 1]), memory.room(4)];
    const scratch = memory.room(memory.kernels.gemmScratch(2, 2, 2) / 4);
    memory.kernels.gemm(c, a, 0, 2, 1, b, 0, 2, 1, 1, 2, 2, 2, 0, 0, 0, 1, scratch, 0, 1);
    expect([...memory.floats(c, 4)]).toEqual([NaN, NaN, 2, 3]);
  });
});
