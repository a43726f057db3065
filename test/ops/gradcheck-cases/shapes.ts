import { tensor } from "../../../src/index.js";
import * as ops from "../../../src/ops/index.js";
import { between, spread, type Table } from "./case.js";

const x23 = spread();
const x223 = spread([2, 2, 3]);
const mask = tensor([true, false, true]);
const column = between(-2, 2, [2, 1]);

export const shapes = {
  reshape: [{ fn: (x) => ops.reshape(x, [3, -1]), inputs: [x23] }],
  transpose: [{ fn: (x) => ops.transpose(x, 0, -1), inputs: [spread([2, 2, 3])] }],
  permute: [{ fn: (x) => ops.permute(x, [2, 0, 1]), inputs: [spread([2, 2, 3])] }],
  broadcastTo: [{ fn: (x) => ops.broadcastTo(x, [2, 2, 3]), inputs: [column] }],
  slice: [{ fn: (x) => ops.slice(x, 0, 3, { axis: 1, step: 2 }), inputs: [x23] }],
  concat: [{ fn: (a, b) => ops.concat([a, b], -1), inputs: [x23, column] }],
  squeeze: [{ fn: (x) => ops.squeeze(x, 1), inputs: [column] }],
  unsqueeze: [{ fn: (x) => ops.unsqueeze(x, -1), inputs: [x23] }],
  expand: [{ fn: (x) => ops.expand(x, [2, -1, 3]), inputs: [column] }],
  flatten: [{ fn: (x) => ops.flatten(x, 1), inputs: [x223] }],
  stack: [{ fn: (a, b) => ops.stack([a, b.mul(a)], 1), inputs: [x23, column] }],
  split: [{ fn: (x) => ops.split(x, [1, 2], 1).reduce((a, b) => a.mul(b)), inputs: [x23] }],
  chunk: [{ fn: (x) => ops.chunk(x, 2).reduce((a, b) => a.div(b)), inputs: [x23] }],
  flip: [{ fn: (x) => ops.flip(x, [0, -1]), inputs: [x223] }],
  roll: [
    { fn: (x) => ops.roll(x, 2), inputs: [x23] },
    { fn: (x) => ops.roll(x, -1, 1), inputs: [x23] },
  ],
  tile: [{ fn: (x) => ops.tile(x, [2, 1, 2]), inputs: [x23] }],
  repeatInterleave: [{ fn: (x) => ops.repeatInterleave(x, 2, 1), inputs: [x23] }],
  pad: [
    {
      fn: (x) =>
        ops.pad(
          x,
          [
            [1, 0],
            [0, 2],
          ],
          { value: 3 },
        ),
      inputs: [x23],
    },
    { fn: (x) => ops.pad(x, [[1, 2]], { mode: "reflect" }), inputs: [x23] },
    { fn: (x) => ops.pad(x, [[1, 4]], { mode: "replicate" }), inputs: [x23] },
    {
      fn: (x) =>
        ops.pad(
          x,
          [
            [0, 1],
            [2, 3],
          ],
          { mode: "circular" },
        ),
      inputs: [x23],
    },
  ],
  gather: [
    {
      fn: (x) =>
        ops.gather(
          x,
          1,
          tensor([
            [0, 0],
            [2, -1],
          ]),
        ),
      inputs: [x23],
    },
  ],
  indexSelect: [{ fn: (x) => ops.indexSelect(x, 1, [2, 0, 2]), inputs: [x23] }],
  index: [
    { fn: (x) => ops.index(x, [1, null, 0]), inputs: [x223] },
    { fn: (x) => ops.index(x, [[0, 0, 1], null, [2, 0, 2]]), inputs: [x223] },
  ],
  maskedSelect: [{ fn: (x) => ops.maskedSelect(x, mask), inputs: [x23] }],
  maskedFill: [
    { fn: (x) => ops.maskedFill(x, mask, 5), inputs: [x23] },
    { fn: (x, value) => ops.maskedFill(x, mask, value), inputs: [x23, column] },
  ],
  oneHot: (x) => ops.oneHot(x, 3),
} satisfies Partial<Table>;
