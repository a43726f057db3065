import { ShapeError } from "../../src/index.js";
import type * as ops from "../../src/ops/index.js";
import type { Recorded } from "./recorded.js";

/**
 * What an operation answers at one of its edges, compared with what PyTorch does:
 *
 * - "same": what PyTorch answers, values and gradients.
 * - "as float32", "as int32": PyTorch refuses, or has no float of it. Here the operation takes the numbers in that dtype.
 * - "kept": PyTorch refuses integers. Here the result is that of the same numbers in float32, in the input's dtype.
 * - an error: PyTorch refuses, too.
 * - `stricter`: PyTorch answers, here it is an error.
 * - `wider`: PyTorch refuses, here there is an answer.
 */
export type Answer =
  "same" | "as float32" | "as int32" | "kept" | ShapeError | { stricter: ShapeError } | { wider: Recorded };

export type Edge = "int32" | "bool" | "empty" | "scalar" | "rank";

/** The edges of one operation. "rank" is left out where every number of axes is right. */
export type Edges = Record<Exclude<Edge, "rank">, Answer> & { rank?: Answer };

// Dtypes
const kept = { int32: "same", bool: "same" } as const;
const arithmetic = { int32: "same", bool: "as int32" } as const;
const floating = { int32: "as float32", bool: "as float32" } as const;

// Shapes
const everyShape = { empty: "same", scalar: "same" } as const;
const smooth: Edges = { ...kept, ...everyShape };
const wrong = (message: string) => new ShapeError(message);
const noAxis = (op: string, axis: number, shape: string, range: string) =>
  wrong(`${op}: no axis ${axis} in ${shape}. Its axes are ${range}.`);
const noAxes = (op: string) => wrong(`${op}: no axis 0 in []. It has no axes.`);
const reduction = (op: string) => ({ ...everyShape, rank: noAxis(op, 1, "[3]", "-1 to 0") });
const ofNothing = (op: string, what: string) =>
  wrong(`${op}: axis 0 of [0] is empty. The ${what} of nothing is undefined.`);
/** Along one axis, which a scalar does not have. */
const along = (op: string, shape = "[3]") =>
  ({ empty: "same", scalar: noAxes(op), rank: noAxis(op, 1, shape, "-1 to 0") }) as const;
const images = (op: string, what: string, expected: string, flat = "[3, 3]", axes = 2) =>
  ({
    empty: "same",
    scalar: wrong(`${op}: ${what} [] has 0 axes. Expected ${expected}.`),
    rank: wrong(`${op}: ${what} ${flat} has ${axes} axes. Expected ${expected}.`),
  }) as const;
const lengthOf = (op: string) => wrong(`${op}: input []. Expected at least one axis, the length.`);
const planeOf = (op: string, shape: string) =>
  wrong(`${op}: input ${shape}. Expected at least two axes, height and width.`);
const plane = (op: string) =>
  ({ empty: "same", scalar: planeOf(op, "[]"), rank: planeOf(op, "[2]") }) as const;
const wider = (shape: number[], data: number[]) => ({ wider: { dtype: "float64" as const, shape, data } });
const stretching = (op: string): Edges => ({
  ...kept,
  empty: wrong(
    `${op}: cannot broadcast [2, 0] with [2, 3]: axis -1 has sizes 0 and 3. Sizes must be equal, or one of them 1.`,
  ),
  scalar: "same",
  rank: wrong(`${op}: [1, 1, 3] does not stretch to [2, 3]. Only axes of size 1 grow; none shrink.`),
});

export const edgeAnswers = {
  // elementwise
  abs: { ...arithmetic, ...everyShape },
  add: { ...arithmetic, ...everyShape },
  cast: smooth,
  ceil: { ...arithmetic, ...everyShape },
  clamp: smooth,
  cos: smooth,
  div: smooth,
  elu: { ...floating, ...everyShape },
  equal: smooth,
  erf: smooth,
  exp: smooth,
  expm1: smooth,
  floor: { ...arithmetic, ...everyShape },
  gelu: { ...floating, ...everyShape },
  greater: smooth,
  greaterEqual: smooth,
  hardtanh: { ...floating, ...everyShape },
  leakyRelu: { ...floating, ...everyShape },
  less: smooth,
  lessEqual: smooth,
  log: smooth,
  log1p: smooth,
  maskedFill: { ...arithmetic, ...everyShape },
  maskedSelect: smooth,
  maximum: smooth,
  minimum: smooth,
  mul: { ...arithmetic, ...everyShape },
  neg: { ...arithmetic, ...everyShape },
  notEqual: smooth,
  pow: { ...arithmetic, ...everyShape },
  relu: { ...arithmetic, ...everyShape },
  round: { ...arithmetic, ...everyShape },
  rsqrt: smooth,
  sigmoid: smooth,
  sign: { ...arithmetic, ...everyShape },
  silu: { ...floating, ...everyShape },
  sin: smooth,
  softplus: { ...floating, ...everyShape },
  sqrt: smooth,
  step: { ...floating, ...everyShape },
  sub: { ...arithmetic, ...everyShape },
  tan: smooth,
  tanh: smooth,
  where: smooth,

  // reductions
  argmax: { ...arithmetic, ...reduction("argmax"), empty: ofNothing("argmax", "largest") },
  argmin: { ...arithmetic, ...reduction("argmin"), empty: ofNothing("argmin", "smallest") },
  logSumExp: { ...kept, ...reduction("logSumExp") },
  max: { ...kept, ...reduction("max"), empty: ofNothing("max", "largest") },
  mean: { ...floating, ...reduction("mean") },
  min: { ...kept, ...reduction("min"), empty: ofNothing("min", "smallest") },
  norm: { ...floating, ...reduction("norm") },
  prod: { ...kept, ...reduction("prod") },
  std: { ...floating, ...reduction("std") },
  sum: { ...kept, ...reduction("sum") },
  variance: { ...floating, ...reduction("variance") },

  // along an axis
  cumsum: { ...arithmetic, ...along("cumsum"), scalar: { stricter: noAxes("cumsum") } },
  logSoftmax: { ...floating, ...along("logSoftmax"), scalar: { stricter: noAxes("logSoftmax") } },
  maxout: {
    ...kept,
    empty: "same",
    scalar: wrong("maxout: no axis -1 in []. It has no axes."),
    rank: noAxis("maxout", 1, "[3]", "-1 to 0"),
  },
  softmax: { ...floating, ...along("softmax"), scalar: { stricter: noAxes("softmax") } },

  // products
  dot: {
    ...arithmetic,
    empty: "same",
    scalar: wrong("dot: [] and []. Expected two vectors of one length."),
    rank: wrong("dot: [1, 3] and [1, 3]. Expected two vectors of one length."),
  },
  einsum: {
    ...arithmetic,
    empty: "same",
    scalar: wrong('einsum: "ij" names 2 axes, but operand 0 is [].'),
    rank: wrong('einsum: "ij" names 2 axes, but operand 0 is [3].'),
  },
  matmul: {
    ...arithmetic,
    empty: "same",
    scalar: wrong("matmul: [] @ []: a single number is no matrix. mul(a, b) multiplies by numbers."),
    rank: "same",
  },
  outer: {
    ...arithmetic,
    empty: "same",
    scalar: wrong("outer: [] and []. Expected two vectors."),
    rank: wrong("outer: [3, 1] and [2]. Expected two vectors."),
  },

  // shapes
  broadcastTo: stretching("broadcastTo"),
  chunk: { ...kept, ...along("chunk", "[4]") },
  concat: {
    ...kept,
    empty: "same",
    scalar: noAxes("concat"),
    rank: wrong("concat: tensor 1 is [2, 1], tensor 0 is [2]. Along axis 0 all other sizes must agree."),
  },
  expand: stretching("expand"),
  flatten: { ...kept, ...everyShape, rank: noAxis("flatten", 1, "[3]", "-1 to 0") },
  flip: { ...kept, ...along("flip"), scalar: { stricter: noAxes("flip") } },
  gather: {
    ...kept,
    empty: "same",
    scalar: noAxes("gather"),
    rank: wrong(
      "gather: index [1, 2] for [3] along axis 0. It needs 1 axes, and no more elements than x along the others.",
    ),
  },
  index: {
    ...kept,
    empty: wrong("index: no index 0 on axis 0 of [0]. It is empty."),
    scalar: wrong("index: 1 indices for []. Give at most one per axis: 0."),
    rank: wrong("index: 2 indices for [3]. Give at most one per axis: 1."),
  },
  indexSelect: {
    ...kept,
    ...along("indexSelect"),
    empty: wrong("indexSelect: no index 0 on axis 0 of [0]. It is empty."),
  },
  oneHot: smooth,
  pad: {
    ...kept,
    empty: "same",
    scalar: wrong("pad: 1 pairs for []. Give [before, after] for each of the last axes, at most 0."),
    rank: wrong("pad: 2 pairs for [3]. Give [before, after] for each of the last axes, at most 1."),
  },
  permute: {
    ...kept,
    empty: "same",
    scalar: wrong("permute: no axis 1 in []. It has no axes."),
    rank: noAxis("permute", 1, "[3]", "-1 to 0"),
  },
  repeatInterleave: { ...kept, ...along("repeatInterleave") },
  reshape: {
    ...kept,
    ...everyShape,
    rank: wrong(
      "reshape: [3] to [2, 2]: 3 elements do not fill it. The sizes must multiply to 3; one of them may be -1.",
    ),
  },
  roll: { ...kept, ...along("roll") },
  slice: { ...kept, ...along("slice") },
  split: { ...kept, ...along("split", "[4]") },
  squeeze: {
    ...kept,
    ...along("squeeze", "[1]"),
    scalar: { stricter: noAxes("squeeze") },
  },
  stack: {
    ...kept,
    ...everyShape,
    rank: wrong("stack: tensor 1 is [2, 1], tensor 0 is [2]. All shapes must be equal."),
  },
  tile: smooth,
  transpose: { ...kept, ...along("transpose") },
  unsqueeze: {
    ...kept,
    ...everyShape,
    rank: wrong("unsqueeze: axis 2 for [3]. A new axis can stand at -2 to 1."),
  },

  // windows
  adaptiveAvgPool1d: {
    ...floating,
    empty: "same",
    scalar: lengthOf("adaptiveAvgPool1d"),
    rank: wider([1], [1]),
  },
  adaptiveAvgPool2d: { ...floating, ...plane("adaptiveAvgPool2d") },
  avgPool1d: { ...floating, empty: "same", scalar: lengthOf("avgPool1d"), rank: wider([2], [0.5, 1.5]) },
  avgPool2d: { ...floating, ...plane("avgPool2d") },
  conv1d: { ...arithmetic, ...images("conv1d", "input", "[batch, channels, length]", "[4]", 1) },
  conv2d: { ...arithmetic, ...images("conv2d", "input", "[batch, channels, height, width]") },
  convTranspose2d: {
    int32: "kept",
    bool: "as int32",
    ...images("convTranspose2d", "input", "[batch, channels, height, width]"),
  },
  fold: {
    int32: "kept",
    bool: "as int32",
    ...images("fold", "columns", "[batch, channels * kH * kW, places]", "[4]", 1),
  },
  globalAvgPool2d: { ...floating, ...plane("globalAvgPool2d") },
  maxPool1d: {
    int32: "kept",
    bool: "kept",
    empty: "same",
    scalar: lengthOf("maxPool1d"),
    rank: wider([2], [1, 2]),
  },
  maxPool2d: { int32: "kept", bool: "kept", ...plane("maxPool2d") },
  unfold: { int32: "kept", bool: "kept", ...images("unfold", "input", "[batch, channels, height, width]") },
  upsampleNearest2d: {
    int32: "kept",
    bool: "kept",
    ...plane("upsampleNearest2d"),
    // [[1, 0, 2], [1, 1, 3], …] has 2 rows and 2 columns here: 1 0 and 2 1
    rank: wider([4, 4], [1, 1, 0, 0, 1, 1, 0, 0, 2, 2, 1, 1, 2, 2, 1, 1]),
  },
} satisfies Record<keyof typeof ops, Edges>;
