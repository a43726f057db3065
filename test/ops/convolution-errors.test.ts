import { expect, test } from "vitest";
import { ShapeError, zeros } from "../../src/index.js";

const image = zeros([8, 3, 32, 32]);
const cases: [run: () => unknown, message: string][] = [
  [
    () => image.conv2d(zeros([10, 1, 5, 5])),
    "conv2d: input [8, 3, 32, 32] has 3 channels, weight [10, 1, 5, 5] expects 1. weight is [outChannels, inChannels / groups, kH, kW].",
  ],
  [
    () => image.conv2d(zeros([10, 3, 5, 5]), { groups: 2 }),
    "conv2d: input [8, 3, 32, 32] has 3 channels, weight [10, 3, 5, 5] expects 6. weight is [outChannels, inChannels / groups, kH, kW].",
  ],
  [
    () => image.conv2d(zeros([10, 1, 5, 5]), { groups: 3 }),
    "conv2d: 3 groups do not divide 10 output channels.",
  ],
  [
    () => zeros([3, 32, 32]).conv2d(zeros([10, 3, 5, 5])),
    "conv2d: input [3, 32, 32] has 3 axes. Expected [batch, channels, height, width]. unsqueeze(x, 0) makes a batch of one.",
  ],
  [
    () => zeros([32, 32]).conv2d(zeros([10, 3, 5, 5])),
    "conv2d: input [32, 32] has 2 axes. Expected [batch, channels, height, width].",
  ],
  [
    () => image.conv2d(zeros([5, 5])),
    "conv2d: weight [5, 5] has 2 axes. Expected [outChannels, inChannels / groups, kH, kW].",
  ],
  [
    () => zeros([1, 1, 3, 3]).conv2d(zeros([1, 1, 2, 3]), { dilation: 3, padding: [[0, 1], 1] }),
    "conv2d: the kernel spans 7 elements, but axis 3 of [1, 1, 3, 3] has 3, with padding 5.",
  ],
  [
    () => image.conv2d(zeros([10, 3, 5, 5]), { padding: "same", stride: 2 }),
    'conv2d: padding "same" needs stride 1, not 2.',
  ],
  [
    () => image.conv2d(zeros([10, 3, 5, 5]), { padding: [1, 2, 3] }),
    'conv2d: padding [1,2,3]. Expected a whole number from 0, one or a pair of them for each of 2 axes, "same" or "valid".',
  ],
  [
    () => image.conv2d(zeros([10, 3, 5, 5]), { padding: -1 }),
    'conv2d: padding -1. Expected a whole number from 0, one or a pair of them for each of 2 axes, "same" or "valid".',
  ],
  [
    () => image.conv2d(zeros([10, 3, 5, 5]), { stride: 0 }),
    "conv2d: stride 0. Expected one whole number, or 2 of them, from 1.",
  ],
  [
    () => image.conv2d(zeros([10, 3, 5, 5]), { dilation: [1, 0.5] }),
    "conv2d: dilation [1, 0.5]. Expected one whole number, or 2 of them, from 1.",
  ],
  [
    () => image.conv2d(zeros([10, 3, 5, 5]), { bias: zeros([3]) }),
    "conv2d: bias [3] for 10 output channels. Expected [10].",
  ],
  [
    () => zeros([3, 32]).conv1d(zeros([10, 3, 5])),
    "conv1d: input [3, 32] has 2 axes. Expected [batch, channels, length]. unsqueeze(x, 0) makes a batch of one.",
  ],
  [
    () => zeros([1, 3, 32]).conv1d(zeros([10, 3, 5]), { stride: [1, 1] }),
    "conv1d: stride [1, 1]. Expected one whole number from 1.",
  ],
  [
    () => zeros([1, 3, 32]).conv1d(zeros([10, 2, 5])),
    "conv1d: input [1, 3, 32] has 3 channels, weight [10, 2, 5] expects 2. weight is [outChannels, inChannels / groups, k].",
  ],
  [
    () => image.convTranspose2d(zeros([10, 3, 5, 5])),
    "convTranspose2d: input [8, 3, 32, 32] has 3 channels, weight [10, 3, 5, 5] expects 10. weight is [inChannels, outChannels / groups, kH, kW].",
  ],
  [
    () => image.convTranspose2d(zeros([3, 2, 5, 5]), { groups: 2 }),
    "convTranspose2d: 2 groups do not divide 3 input channels.",
  ],
  [
    () => image.convTranspose2d(zeros([3, 2, 5, 5]), { bias: zeros([3]) }),
    "convTranspose2d: bias [3] for 2 output channels. Expected [2].",
  ],
  [
    () => image.convTranspose2d(zeros([3, 2, 5, 5]), { stride: 2, outputPadding: 2 }),
    "convTranspose2d: outputPadding 2 on axis 2. It must be smaller than the stride 2 or the dilation 1.",
  ],
  [
    () => zeros([1, 1, 1, 1]).convTranspose2d(zeros([1, 1, 2, 2]), { padding: 1 }),
    "convTranspose2d: axis 2 of [1, 1, 1, 1] becomes 2 elements long, and padding takes 2 of them.",
  ],
  [
    () => zeros([3, 4, 4]).unfold(2),
    "unfold: input [3, 4, 4] has 3 axes. Expected [batch, channels, height, width].",
  ],
  [
    () => zeros([1, 1, 4, 4]).unfold([2, 5]),
    "unfold: the kernel spans 5 elements, but axis 3 of [1, 1, 4, 4] has 4, with padding 4.",
  ],
  [
    () => zeros([1, 6, 4]).fold(3, 2),
    "fold: columns [1, 6, 4] for images of [3, 3] and a kernel of [2, 2]. Expected [batch, a multiple of 4, 4].",
  ],
  [
    () => zeros([1, 8, 5]).fold(3, 2),
    "fold: columns [1, 8, 5] for images of [3, 3] and a kernel of [2, 2]. Expected [batch, a multiple of 4, 4].",
  ],
  [() => zeros([]).maxPool1d(2), "maxPool1d: input []. Expected at least one axis, the length."],
  [() => zeros([4]).avgPool2d(2), "avgPool2d: input [4]. Expected at least two axes, height and width."],
  [
    () => zeros([4]).globalAvgPool2d(),
    "globalAvgPool2d: input [4]. Expected at least two axes, height and width.",
  ],
  [
    () => zeros([2, 4, 4]).maxPool2d(5),
    "maxPool2d: the kernel spans 5 elements, but axis 1 of [2, 4, 4] has 4, with padding 4.",
  ],
  [
    () => zeros([2, 4, 4]).maxPool2d([2, 2], { padding: [0, 2] }),
    "maxPool2d: window 0 along axis 2 of [2, 4, 4] holds nothing but padding.",
  ],
  [() => zeros([2, 4]).avgPool1d(0), "avgPool1d: kernelSize 0. Expected one whole number from 1."],
  [
    () => zeros([2, 4]).adaptiveAvgPool2d([1]),
    "adaptiveAvgPool2d: outputSize [1]. Expected one whole number, or 2 of them, from 1.",
  ],
  [() => zeros([2, 0]).adaptiveAvgPool1d(1), "adaptiveAvgPool1d: axis 1 of [2, 0] is empty."],
  [
    () => zeros([4]).upsampleNearest2d(2),
    "upsampleNearest2d: input [4]. Expected at least two axes, height and width.",
  ],
  [
    () => zeros([4, 4]).upsampleNearest2d(0.5),
    "upsampleNearest2d: scale 0.5. Expected one whole number, or 2 of them, from 1.",
  ],
];

test.for(cases.map(([run, message]) => [message, run] as const))("%s", ([message, run]) => {
  expect(run).toThrow(new ShapeError(message));
});
