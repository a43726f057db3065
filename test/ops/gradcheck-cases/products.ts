import * as ops from "../../../src/ops/index.js";
import { between, spread, type Table } from "./case.js";

const x23 = spread();
const row = between(-2, 2, [3]);

export const products = {
  matmul: [
    { fn: ops.matmul, inputs: [x23, between(-1, 1, [3, 2])] },
    { fn: ops.matmul, inputs: [x23, row] },
    { fn: ops.matmul, inputs: [row, between(-1, 1, [3, 2])] },
    { fn: ops.matmul, inputs: [row, between(-1, 1, [3])] },
    { fn: ops.matmul, inputs: [spread([2, 1, 2, 2]), between(-1, 1, [3, 2, 1])] },
  ],
  dot: [{ fn: ops.dot, inputs: [row, between(-1, 1, [3])] }],
  outer: [{ fn: ops.outer, inputs: [row, between(-1, 1, [2])] }],
  einsum: [
    { fn: (a, b) => ops.einsum("ij,jk->ki", a, b), inputs: [x23, between(-1, 1, [3, 2])] },
    { fn: (a, b, c) => ops.einsum("bij,bj,k->bk", a, b, c), inputs: [spread([2, 2, 3]), x23, row] },
    { fn: (a) => ops.einsum("iij->j", a), inputs: [spread([2, 2, 3])] },
    { fn: (a, b) => ops.einsum("...i,...i->...", a, b), inputs: [spread([2, 2, 3]), between(-1, 1, [1, 3])] },
  ],
} satisfies Partial<Table>;
