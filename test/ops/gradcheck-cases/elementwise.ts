import { tensor } from "../../../src/index.js";
import * as ops from "../../../src/ops/index.js";
import { between, spread, type Table } from "./case.js";

const x23 = spread();
const [same, row, column] = [between(-2, 2), between(-2, 2, [3]), between(-2, 2, [2, 1])];
const condition = tensor([true, false, true]);

export const elementwise = {
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
  greater: (x) => ops.greater(x, 1),
  greaterEqual: (x) => ops.greaterEqual(x, 1),
  less: (x) => ops.less(x, 1),
  lessEqual: (x) => ops.lessEqual(x, 1),
  equal: (x) => ops.equal(x, 1),
  notEqual: (x) => ops.notEqual(x, 1),
  cast: [{ fn: (x) => ops.cast(x, "float64"), inputs: [x23] }],
  expm1: [{ fn: ops.expm1, inputs: [x23] }],
  log1p: [{ fn: ops.log1p, inputs: [between(-0.5, 2)] }],
  rsqrt: [{ fn: ops.rsqrt, inputs: [between(0.5, 3)] }],
  erf: [{ fn: ops.erf, inputs: [x23] }],
  tan: [{ fn: ops.tan, inputs: [x23] }],
  sign: [{ fn: ops.sign, inputs: [x23] }],
  floor: [{ fn: ops.floor, inputs: [x23] }],
  ceil: [{ fn: ops.ceil, inputs: [x23] }],
  round: [{ fn: ops.round, inputs: [x23] }],
  step: [{ fn: ops.step, inputs: [x23] }],
  clamp: [
    { fn: (x) => ops.clamp(x, -0.5, 0.8), inputs: [x23] },
    { fn: (x) => ops.clamp(x, 0), inputs: [x23] },
  ],
  leakyRelu: [
    { fn: (x) => ops.leakyRelu(x), inputs: [x23] },
    { fn: (x) => ops.leakyRelu(x, 0.1), inputs: [x23] },
  ],
  elu: [{ fn: (x) => ops.elu(x, 1.5), inputs: [x23] }],
  gelu: [{ fn: ops.gelu, inputs: [x23] }],
  silu: [{ fn: ops.silu, inputs: [x23] }],
  softplus: [{ fn: ops.softplus, inputs: [x23] }],
  hardtanh: [
    { fn: (x) => ops.hardtanh(x), inputs: [x23] },
    { fn: (x) => ops.hardtanh(x, -0.5, 0.8), inputs: [x23] },
  ],
} satisfies Partial<Table>;
