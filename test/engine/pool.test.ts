import { assert, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { geometryFields } from "../../src/engine/kernels/convolution.js";
import { kernelMemories, numbers, type KernelMemory } from "./kernel-memory.js";

interface Axis {
  size: number;
  out: number;
  kernel: number;
  stride: number;
  dilation: number;
  before: number;
}

interface Pool {
  planes: number;
  h: Axis;
  w: Axis;
  countPadding: number;
  accumulate: number;
  shift: number;
  seed: number;
}

/** Windows that each hold an element: before the first one there is less padding than a window holds. */
const axis = record({
  out: integer({ min: 1, max: 9 }),
  kernel: integer({ min: 1, max: 4 }),
  stride: integer({ min: 1, max: 3 }),
  dilation: integer({ min: 1, max: 3 }),
  before: integer({ min: 0, max: 3 }),
  after: integer({ min: 0, max: 3 }),
  rest: integer({ min: 0, max: 2 }),
})
  .map(({ out, kernel, stride, dilation, before, after, rest }): Axis => {
    const span = (out - 1) * stride + dilation * (kernel - 1) + 1;
    return { out, kernel, stride, dilation, before, size: Math.max(1, span - before - after + rest) };
  })
  .filter((it) =>
    Array.from({ length: it.out }, (_, i) => inside(it, i)).every((window) => window.length > 0),
  );

const halving = record({ out: integer({ min: 1, max: 9 }), rest: integer({ min: 0, max: 1 }) }).map(
  ({ out, rest }): Axis => ({ out, size: 2 * out + rest, kernel: 2, stride: 2, dilation: 1, before: 0 }),
);

/** The elements of window i. */
function inside({ kernel, stride, dilation, before, size }: Axis, i: number): number[] {
  return Array.from({ length: kernel }, (_, k) => i * stride - before + k * dilation).filter(
    (at) => at >= 0 && at < size,
  );
}

/** The elements of window i of an adaptive pooling. */
function between({ size, out }: Axis, i: number): number[] {
  const [start, end] = [Math.floor((i * size) / out), Math.ceil(((i + 1) * size) / out)];
  return Array.from({ length: end - start }, (_, k) => start + k);
}

const pools = (axes: typeof axis) =>
  record<Pool>({
    planes: integer({ min: 0, max: 4 }),
    h: axes,
    w: axes,
    countPadding: integer({ min: 0, max: 1 }),
    accumulate: integer({ min: 0, max: 1 }),
    shift: integer({ min: 0, max: 3 }),
    seed: integer({ min: 0, max: 1000 }),
  });

/** Calls `visit` for each window with its place in the output and the positions of its elements in the input. */
function eachWindow(
  { planes, h, w }: Pool,
  elements: (axis: Axis, i: number) => number[],
  visit: (place: number, positions: number[]) => void,
): void {
  for (let place = 0; place < planes * h.out * w.out; place++) {
    const plane = Math.floor(place / (h.out * w.out)) * h.size * w.size;
    const columns = elements(w, place % w.out);
    const rows = elements(h, Math.floor(place / w.out) % h.out);
    visit(
      place,
      rows.flatMap((y) => columns.map((x) => plane + y * w.size + x)),
    );
  }
}

function data({ planes, h, w, seed }: Pool) {
  const [inputs, outputs] = [planes * h.size * w.size, planes * h.out * w.out];
  // few different numbers, so that there are equals, and now and then a NaN
  const x = numbers(inputs, seed).map((value) => Math.round(4 * value) / 4);
  return { x, g: numbers(outputs, seed + 1), before: numbers(inputs, seed + 2) };
}

/** The kernels on pieces of so many planes. */
function setUp(memory: KernelMemory, pool: Pool, x: Float32Array, piece: number) {
  const { planes, h, w, shift, accumulate } = pool;
  const { g, before } = data(pool);
  memory.clear();
  const fields: Record<(typeof geometryFields)[number], number> = {
    ...{ batch: planes, groups: 1, inChannels: 1, outChannels: 1, height: h.size, width: w.size },
    ...{ kernelHeight: h.kernel, kernelWidth: w.kernel, strideHeight: h.stride, strideWidth: w.stride },
    ...{
      dilationHeight: h.dilation,
      dilationWidth: w.dilation,
      beforeHeight: h.before,
      beforeWidth: w.before,
    },
    ...{ outHeight: h.out, outWidth: w.out },
  };
  return {
    geometry: memory.putInt32(geometryFields.map((field) => fields[field])),
    x: memory.put(x, shift),
    out: memory.room(g.length, (shift + 1) % 4),
    positions: memory.room(g.length, (shift + 2) % 4),
    g: memory.put(g, (shift + 3) % 4),
    dx: accumulate ? memory.put(before, shift) : memory.room(x.length, shift),
    inPieces(work: (from: number, to: number) => void) {
      for (let from = 0; from < planes; from += piece) work(from, Math.min(planes, from + piece));
    },
  };
}

function maxPool(memory: KernelMemory, pool: Pool, x: Float32Array, piece = Infinity) {
  const at = setUp(memory, pool, x, piece);
  const { kernels } = memory;
  at.inPieces((from, to) => kernels.maxPool(at.out, at.positions, at.x, at.geometry, from, to));
  at.inPieces((from, to) =>
    kernels.maxPoolBackward(at.dx, at.g, at.positions, pool.accumulate, at.geometry, from, to),
  );
  memory.expectGuardsIntact();
  const places = pool.planes * pool.h.out * pool.w.out;
  return {
    out: memory.floats(at.out, places),
    positions: memory.int32(at.positions, places),
    dx: memory.floats(at.dx, x.length),
  };
}

function averagePool(memory: KernelMemory, pool: Pool, adaptive: boolean, piece = Infinity) {
  const { x } = data(pool);
  const { countPadding, accumulate } = pool;
  const at = setUp(memory, pool, x, piece);
  const { kernels } = memory;
  at.inPieces((from, to) => {
    if (adaptive) kernels.adaptiveAvgPool(at.out, at.x, at.geometry, from, to);
    else kernels.avgPool(at.out, at.x, countPadding, at.geometry, from, to);
  });
  at.inPieces((from, to) => {
    if (adaptive) kernels.adaptiveAvgPoolBackward(at.dx, at.g, accumulate, at.geometry, from, to);
    else kernels.avgPoolBackward(at.dx, at.g, countPadding, accumulate, at.geometry, from, to);
  });
  memory.expectGuardsIntact();
  return {
    out: memory.floats(at.out, pool.planes * pool.h.out * pool.w.out),
    dx: memory.floats(at.dx, x.length),
  };
}

function expectClose(what: string, got: Float32Array, expected: Float64Array): void {
  const worst = got.findIndex((value, i) => !(Math.abs(value - expected[i]) <= 1e-5));
  expect(worst < 0 ? "close" : `${what}[${worst}]: ${got[worst]} not ${expected[worst]}`).toBe("close");
}

function checkMax(memory: KernelMemory, pool: Pool): void {
  const { x, g, before } = data(pool);
  x.forEach((_, i) => i % 23 === pool.seed % 29 && (x[i] = NaN));
  const got = maxPool(memory, pool, x);
  const dx = new Float64Array(x.length);
  if (pool.accumulate) dx.set(before);
  eachWindow(pool, inside, (place, positions) => {
    const nan = positions.find((at) => Number.isNaN(x[at]));
    const largest = Math.max(...positions.map((at) => x[at]));
    const best = nan ?? positions.find((at) => x[at] === largest)!;
    expect([place, got.positions[place], got.out[place]]).toEqual([place, best, x[best]]);
    dx[best] += g[place];
  });
  expectClose("dx", got.dx, dx);
}

function checkAverage(memory: KernelMemory, pool: Pool, adaptive: boolean): void {
  const { x, g, before } = data(pool);
  const [out, dx] = [new Float64Array(g.length), new Float64Array(x.length)];
  if (pool.accumulate) dx.set(before);
  eachWindow(pool, adaptive ? between : inside, (place, positions) => {
    const whole = pool.countPadding && !adaptive;
    const divisor = whole ? pool.h.kernel * pool.w.kernel : positions.length;
    out[place] = positions.reduce((sum, at) => sum + x[at], 0) / divisor;
    for (const at of positions) dx[at] += g[place] / divisor;
  });
  const got = averagePool(memory, pool, adaptive);
  expectClose("out", got.out, out);
  expectClose("dx", got.dx, dx);
}

describe.for(kernelMemories)("pooling of the %s binary", ([, memory]) => {
  test("the largest element, where it is, and its gradient", () => {
    assert(
      property(pools(axis), (pool) => checkMax(memory, pool)),
      { numRuns: 200 },
    );
    assert(
      property(pools(halving), (pool) => checkMax(memory, pool)),
      { numRuns: 100 },
    );
  });

  test("positions may be left out", () => {
    memory.clear();
    const geometry = memory.putInt32([1, 1, 1, 1, 2, 8, 2, 2, 2, 2, 1, 1, 0, 0, 1, 4]);
    const x = memory.put([1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1]);
    const out = memory.room(4);
    memory.kernels.maxPool(out, 0, x, geometry, 0, 1);
    expect([...memory.floats(out, 4)]).toEqual([8, 6, 6, 8]);
  });

  test("means and their gradients", () => {
    assert(
      property(pools(axis), (pool) => checkAverage(memory, pool, false)),
      { numRuns: 200 },
    );
    assert(
      property(pools(halving), (pool) => checkAverage(memory, pool, false)),
      { numRuns: 100 },
    );
  });

  test("means over as many windows as wanted, and their gradients", () => {
    assert(
      property(pools(axis), (pool) => checkAverage(memory, pool, true)),
      { numRuns: 200 },
    );
    const whole = (size: number): Axis => ({ size, out: 1, kernel: 1, stride: 1, dilation: 1, before: 0 });
    for (const size of [1, 8, 31]) {
      const rest = { planes: 3, countPadding: 0, accumulate: 0, shift: 1, seed: size };
      checkAverage(memory, { h: whole(size), w: whole(size), ...rest }, true);
    }
  });

  test("gives the same bits however the planes are divided", () => {
    assert(
      property(pools(axis), integer({ min: 1, max: 3 }), (pool, piece) => {
        const { x } = data(pool);
        expect(maxPool(memory, pool, x, piece)).toEqual(maxPool(memory, pool, x));
        for (const adaptive of [false, true]) {
          expect(averagePool(memory, pool, adaptive, piece)).toEqual(averagePool(memory, pool, adaptive));
        }
      }),
      { numRuns: 60 },
    );
  });
});
