import { tensor } from "../../../src/index.js";
import * as ops from "../../../src/ops/index.js";
import { spread, type Table } from "./case.js";

const x23 = spread();
const x222 = spread([2, 2, 2]);
const zeros = tensor([0, 2, -3, 0, 0, 5, 4, 6, 7], { dtype: "float64" }).reshape([3, 3]);

export const reductions = {
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
  min: [
    { fn: (x) => ops.min(x), inputs: [x23] },
    { fn: (x) => ops.min(x, 0), inputs: [x23] },
  ],
  prod: [
    { fn: (x) => ops.prod(x), inputs: [x23] },
    { fn: (x) => ops.prod(x, [0, -1], { keepDims: true }), inputs: [x222] },
    { fn: (x) => ops.prod(x, 0), inputs: [zeros] },
    { fn: (x) => ops.prod(x, 1), inputs: [zeros] },
    { fn: (x) => ops.prod(x, [0, 2]), inputs: [zeros.reshape([3, 1, 3])] },
  ],
  cumsum: [
    { fn: (x) => ops.cumsum(x, 0), inputs: [x23] },
    { fn: (x) => ops.cumsum(x, -1), inputs: [x23] },
  ],
  variance: [
    { fn: (x) => ops.variance(x), inputs: [x23] },
    { fn: (x) => ops.variance(x, [0, 2], { correction: 0 }), inputs: [x222] },
  ],
  std: [
    { fn: (x) => ops.std(x), inputs: [x23] },
    { fn: (x) => ops.std(x, 1, { correction: 0, keepDims: true }), inputs: [x23] },
  ],
  norm: [
    { fn: (x) => ops.norm(x), inputs: [x23] },
    { fn: (x) => ops.norm(x, 1, { p: 1 }), inputs: [x23] },
    { fn: (x) => ops.norm(x, 1, { p: 3 }), inputs: [x23] },
    { fn: (x) => ops.norm(x, 1, { p: Infinity, keepDims: true }), inputs: [x23] },
  ],
  argmax: (x) => ops.argmax(x),
  argmin: (x) => ops.argmin(x),
  logSumExp: [
    { fn: (x) => ops.logSumExp(x), inputs: [x23] },
    { fn: (x) => ops.logSumExp(x, [0, 2]), inputs: [x222] },
  ],
  softmax: [
    { fn: (x) => ops.softmax(x), inputs: [x23] },
    { fn: (x) => ops.softmax(x, 0), inputs: [x23] },
  ],
  logSoftmax: [
    { fn: (x) => ops.logSoftmax(x), inputs: [x23] },
    { fn: (x) => ops.logSoftmax(x, 0), inputs: [x23] },
  ],
  maxout: [
    { fn: (x) => ops.maxout(x, 3), inputs: [x23] },
    { fn: (x) => ops.maxout(x, 2, 0), inputs: [spread([4, 2])] },
  ],
} satisfies Partial<Table>;
