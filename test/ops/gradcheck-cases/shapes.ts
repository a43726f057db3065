import * as ops from "../../../src/ops/index.js";
import { between, spread, type Table } from "./case.js";

const x23 = spread();
const column = between(-2, 2, [2, 1]);

export const shapes = {
  reshape: [{ fn: (x) => ops.reshape(x, [3, -1]), inputs: [x23] }],
  transpose: [{ fn: (x) => ops.transpose(x, 0, -1), inputs: [spread([2, 2, 3])] }],
  permute: [{ fn: (x) => ops.permute(x, [2, 0, 1]), inputs: [spread([2, 2, 3])] }],
  broadcastTo: [{ fn: (x) => ops.broadcastTo(x, [2, 2, 3]), inputs: [column] }],
  slice: [{ fn: (x) => ops.slice(x, 0, 3, { axis: 1, step: 2 }), inputs: [x23] }],
  concat: [{ fn: (a, b) => ops.concat([a, b], -1), inputs: [x23, column] }],
} satisfies Partial<Table>;
