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
} satisfies Partial<Table>;
