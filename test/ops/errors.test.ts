import { describe, expect, test } from "vitest";
import {
  add,
  concat,
  defineOp,
  DTypeError,
  einsum,
  ShapeError,
  stack,
  tensor,
  zeros,
  type Op,
  type Tensor,
} from "../../src/index.js";

const cases: [run: () => unknown, error: Error][] = [
  [
    () => zeros([2, 3]).add(zeros([2])),
    new ShapeError(
      "add: cannot broadcast [2, 3] with [2]: axis -1 has sizes 3 and 2. Sizes must be equal, or one of them 1.",
    ),
  ],
  [
    () => zeros([2, 3]).mul(zeros([4, 1])),
    new ShapeError(
      "mul: cannot broadcast [2, 3] with [4, 1]: axis -2 has sizes 2 and 4. Sizes must be equal, or one of them 1.",
    ),
  ],
  [
    () => zeros([2, 3]).matmul(zeros([4, 3])),
    new ShapeError("matmul: [2, 3] @ [4, 3]: inner sizes 3 and 4 differ. transpose(b) would fit."),
  ],
  [
    () => zeros([2, 3]).matmul(zeros([4, 5])),
    new ShapeError("matmul: [2, 3] @ [4, 5]: inner sizes 3 and 4 differ."),
  ],
  [
    () => zeros([2, 3]).matmul(zeros([2])),
    new ShapeError("matmul: [2, 3] @ [2]: inner sizes 3 and 2 differ."),
  ],
  [
    () => zeros([2]).matmul(zeros([])),
    new ShapeError("matmul: [2] @ []: a single number is no matrix. mul(a, b) multiplies by numbers."),
  ],
  [
    () => zeros([2, 3, 4]).matmul(zeros([3, 4, 5])),
    new ShapeError(
      "matmul: [2, 3, 4] @ [3, 4, 5]: batch axes: cannot broadcast [2] with [3]: axis -1 has sizes 2 and 3. Sizes must be equal, or one of them 1.",
    ),
  ],
  [() => zeros([2, 3]).sum(2), new ShapeError("sum: no axis 2 in [2, 3]. Its axes are -2 to 1.")],
  [() => zeros([]).mean(0), new ShapeError("mean: no axis 0 in []. It has no axes.")],
  [
    () => zeros([2, 3]).sum([0, -2]),
    new ShapeError("sum: axes [0, -2] name axis 0 twice. Name each axis once."),
  ],
  [
    () => zeros([2, 0]).max(1),
    new ShapeError("max: axis 1 of [2, 0] is empty. The largest of nothing is undefined."),
  ],
  [
    () => zeros([2, 0]).min([0, 1]),
    new ShapeError("min: axis 1 of [2, 0] is empty. The smallest of nothing is undefined."),
  ],
  [
    () => zeros([0]).argmax(),
    new ShapeError("argmax: axis 0 of [0] is empty. The largest of nothing is undefined."),
  ],
  [
    () => zeros([0]).argmin(),
    new ShapeError("argmin: axis 0 of [0] is empty. The smallest of nothing is undefined."),
  ],
  [() => zeros([2, 3]).variance(2), new ShapeError("variance: no axis 2 in [2, 3]. Its axes are -2 to 1.")],
  [() => zeros([2, 3]).std([-3]), new ShapeError("std: no axis -3 in [2, 3]. Its axes are -2 to 1.")],
  [() => zeros([2, 3]).prod(2), new ShapeError("prod: no axis 2 in [2, 3]. Its axes are -2 to 1.")],
  [() => zeros([2, 3]).norm(2), new ShapeError("norm: no axis 2 in [2, 3]. Its axes are -2 to 1.")],
  [
    () => zeros([2]).norm(0, { p: 0 }),
    new RangeError("norm: p is 0. Expected a positive number or Infinity."),
  ],
  [() => zeros([2, 3]).logSumExp(2), new ShapeError("logSumExp: no axis 2 in [2, 3]. Its axes are -2 to 1.")],
  [() => zeros([]).softmax(), new ShapeError("softmax: no axis -1 in []. It has no axes.")],
  [() => zeros([2]).logSoftmax(1), new ShapeError("logSoftmax: no axis 1 in [2]. Its axes are -1 to 0.")],
  [() => zeros([2]).cumsum(1), new ShapeError("cumsum: no axis 1 in [2]. Its axes are -1 to 0.")],
  [
    () => zeros([2, 5]).maxout(2),
    new ShapeError("maxout: axis 1 of [2, 5] has 5 elements, no multiple of 2 pieces."),
  ],
  [
    () => zeros([2, 3]).reshape([4, 2]),
    new ShapeError(
      "reshape: [2, 3] to [4, 2]: 6 elements do not fill it. The sizes must multiply to 6; one of them may be -1.",
    ),
  ],
  [
    () => zeros([2, 3]).reshape([-1, -1]),
    new ShapeError(
      "reshape: [2, 3] to [-1, -1]: 6 elements do not fill it. The sizes must multiply to 6; one of them may be -1.",
    ),
  ],
  [() => zeros([3]).transpose(), new ShapeError("transpose: no axis -2 in [3]. Its axes are -1 to 0.")],
  [
    () => zeros([2, 3]).permute([0, 0]),
    new ShapeError("permute: dims [0, 0] for [2, 3]. Name each of the 2 axes once."),
  ],
  [
    () => zeros([2, 3]).broadcastTo([3]),
    new ShapeError("broadcastTo: [2, 3] does not stretch to [3]. Only axes of size 1 grow; none shrink."),
  ],
  [
    () => zeros([3]).slice(0, 2, { step: 0 }),
    new ShapeError("slice: step 0. Steps are whole numbers from 1."),
  ],
  [() => concat([]), new ShapeError("concat: no tensors. Expected at least one.")],
  [
    () => concat([zeros([2, 3]), zeros([2, 2])]),
    new ShapeError(
      "concat: tensor 1 is [2, 2], tensor 0 is [2, 3]. Along axis 0 all other sizes must agree.",
    ),
  ],
  [() => zeros([2]).dot(zeros([3])), new ShapeError("dot: [2] and [3]. Expected two vectors of one length.")],
  [() => zeros([2, 1]).outer(zeros([3])), new ShapeError("outer: [2, 1] and [3]. Expected two vectors.")],
  [
    () => einsum("i$", zeros([2])),
    new ShapeError(
      'einsum: cannot read "i$". Expected letters and "..." for each operand, as in "ij,jk->ik".',
    ),
  ],
  [
    () => einsum("i..,i", zeros([2]), zeros([2])),
    new ShapeError(
      'einsum: cannot read "i..,i". Expected letters and "..." for each operand, as in "ij,jk->ik".',
    ),
  ],
  [
    () => einsum("ij,jk->ik", zeros([2, 2])),
    new ShapeError('einsum: "ij,jk->ik" is about 2 operands, but 1 were given.'),
  ],
  [
    () => einsum("ij,j", zeros([2, 2]), zeros([2, 2])),
    new ShapeError('einsum: "j" names 1 axes, but operand 1 is [2, 2].'),
  ],
  [() => einsum("ij...", zeros([2])), new ShapeError('einsum: "ij..." names 2 axes, but operand 0 is [2].')],
  [
    () => einsum("ij,jk->ik", zeros([2, 3]), zeros([4, 2])),
    new ShapeError('einsum: "ij,jk->ik": j has sizes 3 and 4.'),
  ],
  [
    () => einsum("...i,...i", zeros([2, 1]), zeros([3, 1])),
    new ShapeError('einsum: "...i,...i": axis -1 of "..." has sizes 2 and 3.'),
  ],
  [
    () => einsum("ij->ik", zeros([2, 3])),
    new ShapeError('einsum: "ij->ik": the result\'s k is in no operand.'),
  ],
  [
    () => einsum("ij->ii", zeros([2, 3])),
    new ShapeError('einsum: "ij->ii": the result\'s i is there twice.'),
  ],
  [() => stack([]), new ShapeError("stack: no tensors. Expected at least one.")],
  [
    () => stack([zeros([2, 3]), zeros([3])]),
    new ShapeError("stack: tensor 1 is [3], tensor 0 is [2, 3]. All shapes must be equal."),
  ],
  [() => stack([zeros([2])], 2), new ShapeError("stack: axis 2 for [2]. A new axis can stand at -2 to 1.")],
  [
    () => zeros([2, 3]).unsqueeze(-4),
    new ShapeError("unsqueeze: axis -4 for [2, 3]. A new axis can stand at -3 to 2."),
  ],
  [
    () => zeros([2, 1]).squeeze(0),
    new ShapeError("squeeze: axis 0 of [2, 1] has size 2. Only axes of size 1 can go."),
  ],
  [
    () => zeros([2]).expand([-1, 2]),
    new ShapeError("expand: [2] to [-1, 2]: axis 0 is new, so -1 stands for no size there."),
  ],
  [
    () => zeros([2, 3]).expand([3]),
    new ShapeError("expand: [2, 3] does not stretch to [3]. Only axes of size 1 grow; none shrink."),
  ],
  [
    () => zeros([2, 3]).expand([4, -1]),
    new ShapeError(
      "expand: cannot broadcast [2, 3] with [4, 3]: axis -2 has sizes 2 and 4. Sizes must be equal, or one of them 1.",
    ),
  ],
  [
    () => zeros([2, 1]).squeeze([1, -1]),
    new ShapeError("squeeze: axes [1, -1] name axis 1 twice. Name each axis once."),
  ],
  [
    () => zeros([0]).norm(0, { p: Infinity }),
    new ShapeError("norm: axis 0 of [0] is empty. The largest of nothing is undefined."),
  ],
  [
    () => zeros([2]).maskedSelect(zeros([3]).equal(0)),
    new ShapeError(
      "maskedSelect: cannot broadcast [2] with [3]: axis -1 has sizes 2 and 3. Sizes must be equal, or one of them 1.",
    ),
  ],
  [
    () => zeros([2, 3]).gather(1, tensor([[true]])),
    new DTypeError("gather: the indices have dtype bool. maskedSelect(x, mask) takes a mask."),
  ],
  [
    () => zeros([2, 3]).flatten(-1, 0),
    new ShapeError("flatten: axes -1 to 0 of [2, 3]. The first must not lie behind the last."),
  ],
  [
    () => zeros([5]).split([2, 2]),
    new ShapeError("split: sizes [2, 2] for axis 0 of [5]. They must be whole numbers that add up to 5."),
  ],
  [() => zeros([5]).split(0), new ShapeError("split: pieces of 0. Expected a whole number from 1.")],
  [() => zeros([5]).chunk(0.5), new ShapeError("chunk: 0.5 pieces. Expected a whole number from 1.")],
  [() => zeros([5]).flip(1), new ShapeError("flip: no axis 1 in [5]. Its axes are -1 to 0.")],
  [() => zeros([5]).roll(0.5), new ShapeError("roll: shift 0.5. Shifts are whole numbers.")],
  [() => zeros([5]).roll(1, 1), new ShapeError("roll: no axis 1 in [5]. Its axes are -1 to 0.")],
  [() => zeros([5]).tile([-1]), new ShapeError("tile: -1 repeats. Expected whole numbers from 0.")],
  [
    () => zeros([5]).repeatInterleave(1.5, 0),
    new ShapeError("repeatInterleave: 1.5 repeats. Expected whole numbers from 0."),
  ],
  [
    () =>
      zeros([5]).pad([
        [1, 1],
        [1, 1],
      ]),
    new ShapeError("pad: 2 pairs for [5]. Give [before, after] for each of the last axes, at most 1."),
  ],
  [
    () => zeros([2, 5]).pad([[1, -1]]),
    new ShapeError(
      "pad: [1, -1] around axis 1 of [2, 5]. Expected whole numbers from 0; slice takes elements away.",
    ),
  ],
  [
    () => zeros([3]).pad([[3, 0]], { mode: "reflect" }),
    new ShapeError("pad: reflect adds at most 2 on each side of axis 0 of [3], not 3."),
  ],
  [
    () => zeros([3]).pad([[0, 4]], { mode: "circular" }),
    new ShapeError("pad: circular adds at most 3 on each side of axis 0 of [3], not 4."),
  ],
  [
    () => zeros([0]).pad([[0, 1]], { mode: "replicate" }),
    new ShapeError("pad: replicate adds at most 0 on each side of axis 0 of [0], not 1."),
  ],
  [
    () => zeros([2, 3]).gather(1, zeros([2])),
    new ShapeError(
      "gather: index [2] for [2, 3] along axis 1. It needs 2 axes, and no more elements than x along the others.",
    ),
  ],
  [
    () => zeros([2, 3]).gather(1, zeros([3, 1])),
    new ShapeError(
      "gather: index [3, 1] for [2, 3] along axis 1. It needs 2 axes, and no more elements than x along the others.",
    ),
  ],
  [
    () => zeros([2, 3]).gather(1, tensor([[3]])),
    new ShapeError("gather: no index 3 on axis 1 of [2, 3]. Its indices are whole numbers from -3 to 2."),
  ],
  [
    () => zeros([2, 3]).indexSelect(0, [0.5]),
    new ShapeError(
      "indexSelect: no index 0.5 on axis 0 of [2, 3]. Its indices are whole numbers from -2 to 1.",
    ),
  ],
  [
    () => zeros([0]).indexSelect(0, [0]),
    new ShapeError("indexSelect: no index 0 on axis 0 of [0]. It is empty."),
  ],
  [
    () => zeros([2]).indexSelect(0, zeros([1, 1])),
    new ShapeError("indexSelect: indices [1, 1]. Expected one axis."),
  ],
  [
    () => zeros([2]).indexSelect(0, tensor([true, false])),
    new DTypeError("indexSelect: the indices have dtype bool. maskedSelect(x, mask) takes a mask."),
  ],
  [() => zeros([2]).index([0, 0]), new ShapeError("index: 2 indices for [2]. Give at most one per axis: 1.")],
  [
    () => zeros([2, 2]).index([null, -3]),
    new ShapeError("index: no index -3 on axis 1 of [2, 2]. Its indices are whole numbers from -2 to 1."),
  ],
  [
    () =>
      zeros([2, 2]).index([
        [0, 1],
        [0, 1, 0],
      ]),
    new ShapeError(
      "index: cannot broadcast [2] with [3]: axis -1 has sizes 2 and 3. Sizes must be equal, or one of them 1.",
    ),
  ],
  [
    () => zeros([2]).maskedSelect(zeros([2])),
    new DTypeError("maskedSelect: the mask has dtype float32. Expected bool, as greater(x, 0) gives."),
  ],
  [
    () => zeros([2]).maskedFill(zeros([2]), 0),
    new DTypeError("maskedFill: the mask has dtype float32. Expected bool, as greater(x, 0) gives."),
  ],
  [
    () => zeros([2]).maskedFill(zeros([3, 2]).equal(0), 0),
    new ShapeError("maskedFill: mask [3, 2] and value [] do not stretch to [2]."),
  ],
  [
    () => tensor([0, 3]).oneHot(3),
    new ShapeError("oneHot: label 3 in labels [2]. With 3 classes, labels are whole numbers from 0 to 2."),
  ],
  [
    () => zeros([2]).where(1, 2),
    new DTypeError(
      'where: the condition has dtype float32. Expected bool, as greater(x, 0) or cast(x, "bool") give.',
    ),
  ],
  [
    () => add(tensor(1), [1] as unknown as number),
    new DTypeError(
      "add: input 1 is of type object. Expected a tensor or a number. tensor([…]) makes one of an array.",
    ),
  ],
  [
    () => add("1" as unknown as number, 1),
    new DTypeError("add: input 0 is of type string. Expected a tensor or a number."),
  ],
];

describe("what went wrong, where, and what would fit", () => {
  test.for(cases.map(([run, error]) => [error.message, run, error] as const))("%s", ([, run, error]) => {
    expect(run).toThrow(error);
  });
});

describe("an axis that does not exist", () => {
  const x = zeros([2, 3]);
  const uses: Record<string, () => unknown> = {
    ...Object.fromEntries(
      (
        [
          "sum",
          "mean",
          "max",
          "min",
          "prod",
          "variance",
          "std",
          "norm",
          "logSumExp",
          "argmax",
          "argmin",
        ] as const
      ).map((op) => [op, () => x[op](5)]),
    ),
    softmax: () => x.softmax(5),
    logSoftmax: () => x.logSoftmax(5),
    cumsum: () => x.cumsum(5),
    maxout: () => x.maxout(1, 5),
    transpose: () => x.transpose(0, 5),
    permute: () => x.permute([0, 5]),
    squeeze: () => x.squeeze(5),
    flatten: () => x.flatten(5),
    slice: () => x.slice(0, 1, { axis: 5 }),
    concat: () => concat([x], 5),
    split: () => x.split(1, 5),
    chunk: () => x.chunk(1, 5),
    flip: () => x.flip(5),
    roll: () => x.roll(1, 5),
    repeatInterleave: () => x.repeatInterleave(2, 5),
    gather: () => x.gather(5, x),
    indexSelect: () => x.indexSelect(5, [0]),
  };
  test.for(Object.entries(uses))("%s", ([op, use]) => {
    expect(use).toThrow(new ShapeError(`${op}: no axis 5 in [2, 3]. Its axes are -2 to 1.`));
  });
});

test("a backward rule that gives a gradient of the wrong shape is named", () => {
  const broken: Op<[x: Tensor]> = defineOp({
    name: "broken",
    shape: (_x) => [],
    forward: (out, x) => out.data.set([x.data[0]]),
    backward: (_g) => [zeros([5])],
  });
  expect(() => broken(zeros([2], { requiresGrad: true })).backward()).toThrow(
    new ShapeError("broken: its backward rule gave a gradient [5] for an input [2]."),
  );
});
