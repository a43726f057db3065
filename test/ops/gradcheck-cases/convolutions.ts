import * as ops from "../../../src/ops/index.js";
import { between, spread, type Table } from "./case.js";

const image = spread([2, 2, 4, 3]);
const sequence = spread([2, 2, 6]);

export const convolutions = {
  conv1d: [
    { fn: (x, weight) => ops.conv1d(x, weight), inputs: [sequence, between(-1, 1, [3, 2, 3])] },
    {
      fn: (x, weight, bias) =>
        ops.conv1d(x, weight, { bias, stride: 2, padding: [[2, 1]], dilation: 2, groups: 2 }),
      inputs: [sequence, between(-1, 1, [2, 1, 2]), between(-1, 1, [2])],
    },
  ],
  conv2d: [
    { fn: (x, weight) => ops.conv2d(x, weight), inputs: [image, between(-1, 1, [3, 2, 2, 2])] },
    {
      fn: (x, weight, bias) => ops.conv2d(x, weight, { bias, padding: "same", dilation: [1, 2] }),
      inputs: [image, between(-1, 1, [1, 2, 2, 3]), between(-1, 1, [1])],
    },
    {
      fn: (x, weight) => ops.conv2d(x, weight, { stride: [2, 1], padding: [[1, 0], 1], groups: 2 }),
      inputs: [image, between(-1, 1, [4, 1, 3, 2])],
    },
  ],
  convTranspose2d: [
    { fn: (x, weight) => ops.convTranspose2d(x, weight), inputs: [image, between(-1, 1, [2, 1, 2, 2])] },
    {
      fn: (x, weight, bias) =>
        ops.convTranspose2d(x, weight, {
          bias,
          stride: [2, 1],
          padding: [1, [0, 1]],
          outputPadding: [1, 0],
          groups: 2,
        }),
      inputs: [image, between(-1, 1, [2, 1, 2, 3]), between(-1, 1, [2])],
    },
  ],
  unfold: [{ fn: (x) => ops.unfold(x, [3, 2], { padding: 1, stride: [2, 1] }), inputs: [image] }],
  fold: [{ fn: (x) => ops.fold(x, [3, 4], 2, { padding: [0, [1, 0]] }), inputs: [spread([1, 8, 8])] }],
  maxPool1d: [{ fn: (x) => ops.maxPool1d(x, 3, { stride: 1, padding: 1 }), inputs: [sequence] }],
  maxPool2d: [
    { fn: (x) => ops.maxPool2d(x, 2), inputs: [image] },
    { fn: (x) => ops.maxPool2d(x, 2, { stride: 1, dilation: [2, 1], padding: [1, 0] }), inputs: [image] },
  ],
  avgPool1d: [{ fn: (x) => ops.avgPool1d(x, 3, { stride: 2, padding: 1 }), inputs: [sequence] }],
  avgPool2d: [
    { fn: (x) => ops.avgPool2d(x, 2), inputs: [image] },
    {
      fn: (x) => ops.avgPool2d(x, [3, 2], { stride: 1, padding: 1, countIncludePad: false }),
      inputs: [image],
    },
  ],
  adaptiveAvgPool1d: [{ fn: (x) => ops.adaptiveAvgPool1d(x, 4), inputs: [sequence] }],
  adaptiveAvgPool2d: [{ fn: (x) => ops.adaptiveAvgPool2d(x, [3, 2]), inputs: [image] }],
  globalAvgPool2d: [{ fn: (x) => ops.globalAvgPool2d(x), inputs: [image] }],
  upsampleNearest2d: [{ fn: (x) => ops.upsampleNearest2d(x, [2, 3]), inputs: [image] }],
} satisfies Partial<Table>;
