import { describe, expect, test } from "vitest";
import {
  Generator,
  gradcheck,
  gradgradcheck,
  rand,
  tensor,
  type Shape,
  type Tensor,
} from "../../src/index.js";
import * as ops from "../../src/ops/index.js";

interface Case {
  fn: (...inputs: Tensor[]) => Tensor;
  inputs: Tensor[];
}
/** One row per operation: what to check, or that there is no derivative. Leaving an operation out does not compile. */
type Table = {
  [K in keyof typeof ops]: (typeof ops)[K] extends { differentiable: true }
    ? [Case, ...Case[]]
    : "no derivative";
};

const generator = new Generator(3);
/** Numbers between `low` and `high`. */
function between(low: number, high: number, shape: Shape = [2, 3]): Tensor {
  return rand(shape, { dtype: "float64", generator })
    .mul(high - low)
    .add(low);
}
/** Numbers of either sign, all different and at least 0.1 apart and away from 0: no kink or tie is near. */
function spread(shape: Shape = [2, 3]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from(
    { length: size },
    (_, i) => ((i % 2 ? -1 : 1) * (((i * 5) % 11) + 2)) / 10 + i / 100,
  );
  return tensor(values, { dtype: "float64" }).reshape(shape);
}
const x23 = spread();
const [same, row, column] = [between(-2, 2), between(-2, 2, [3]), between(-2, 2, [2, 1])];
const condition = tensor([true, false, true]);

const table = {
  add: [
    { fn: ops.add, inputs: [x23, same] },
    { fn: ops.add, inputs: [column, row] },
  ],
  sub: [
    { fn: ops.sub, inputs: [x23, same] },
    { fn: ops.sub, inputs: [row, x23] },
  ],
  mul: [
    { fn: ops.mul, inputs: [x23, same] },
    { fn: ops.mul, inputs: [column, row] },
    { fn: (x) => x.mul(x), inputs: [x23] },
  ],
  div: [
    { fn: ops.div, inputs: [same, between(0.5, 2)] },
    { fn: ops.div, inputs: [column, between(0.5, 2, [3])] },
  ],
  neg: [{ fn: ops.neg, inputs: [x23] }],
  abs: [{ fn: ops.abs, inputs: [x23] }],
  pow: [
    { fn: ops.pow, inputs: [between(0.5, 2), between(-2, 2, [3])] },
    { fn: (x) => ops.pow(x, 3), inputs: [x23] },
    { fn: (x) => ops.pow(x, 0), inputs: [x23] },
  ],
  exp: [{ fn: ops.exp, inputs: [x23] }],
  log: [{ fn: ops.log, inputs: [between(0.5, 3)] }],
  sqrt: [{ fn: ops.sqrt, inputs: [between(0.5, 3)] }],
  sin: [{ fn: ops.sin, inputs: [x23] }],
  cos: [{ fn: ops.cos, inputs: [x23] }],
  tanh: [{ fn: ops.tanh, inputs: [x23] }],
  sigmoid: [{ fn: ops.sigmoid, inputs: [x23] }],
  relu: [{ fn: ops.relu, inputs: [x23] }],
  maximum: [{ fn: ops.maximum, inputs: [x23, spread([3]).neg()] }],
  minimum: [{ fn: ops.minimum, inputs: [x23, spread([3]).neg()] }],
  where: [{ fn: (a, b) => ops.where(condition, a, b), inputs: [x23, column] }],
  greater: "no derivative",
  greaterEqual: "no derivative",
  less: "no derivative",
  lessEqual: "no derivative",
  equal: "no derivative",
  notEqual: "no derivative",
  matmul: [
    { fn: ops.matmul, inputs: [x23, between(-1, 1, [3, 2])] },
    { fn: ops.matmul, inputs: [x23, row] },
    { fn: ops.matmul, inputs: [row, between(-1, 1, [3, 2])] },
    { fn: ops.matmul, inputs: [row, between(-1, 1, [3])] },
    { fn: ops.matmul, inputs: [spread([2, 1, 2, 2]), between(-1, 1, [3, 2, 1])] },
  ],
  sum: [
    { fn: (x) => ops.sum(x), inputs: [x23] },
    { fn: (x) => ops.sum(x, -1, { keepDims: true }), inputs: [x23] },
  ],
  mean: [
    { fn: (x) => ops.mean(x), inputs: [x23] },
    { fn: (x) => ops.mean(x, [0]), inputs: [x23] },
  ],
  max: [
    { fn: (x) => ops.max(x), inputs: [x23] },
    { fn: (x) => ops.max(x, 1), inputs: [x23] },
  ],
  reshape: [{ fn: (x) => ops.reshape(x, [3, -1]), inputs: [x23] }],
  transpose: [{ fn: (x) => ops.transpose(x, 0, -1), inputs: [spread([2, 2, 3])] }],
  permute: [{ fn: (x) => ops.permute(x, [2, 0, 1]), inputs: [spread([2, 2, 3])] }],
  broadcastTo: [{ fn: (x) => ops.broadcastTo(x, [2, 2, 3]), inputs: [column] }],
  slice: [{ fn: (x) => ops.slice(x, 0, 3, { axis: 1, step: 2 }), inputs: [x23] }],
  concat: [{ fn: (a, b) => ops.concat([a, b], -1), inputs: [x23, column] }],
  cast: [{ fn: (x) => ops.cast(x, "float64"), inputs: [x23] }],
} satisfies Table;

const rows = Object.entries(table as Record<string, Case[] | string>);

describe("gradients against central differences", () => {
  const cases = rows.flatMap(([op, row]) =>
    typeof row === "string" ? [] : row.map((each, i) => [`${op} ${i}`, each] as const),
  );

  test.for(cases)("%s", ([, { fn, inputs }]) => {
    // composed with a smooth function, so that second derivatives are there to get wrong
    expect(gradcheck(fn, inputs)).toBe(true);
    expect(gradgradcheck((...xs) => fn(...xs).sin(), inputs)).toBe(true);
    expect(gradgradcheck(fn, inputs)).toBe(true);
  });
});

test.for(rows.filter(([, row]) => typeof row === "string"))("%s passes no gradient on", ([op]) => {
  const x = tensor([1, 2], { requiresGrad: true });
  const compare = ops[op as "greater"];
  expect(compare(x, 1).requiresGrad).toBe(false);
  expect(compare.differentiable).toBe(false);
});
