import { expect, test } from "vitest";
import { nn, ShapeError, tensor, zeros } from "../../src/index.js";

const cases: [run: () => unknown, error: Error][] = [
  [
    () => new nn.Linear(784, 10).forward(zeros([64, 783])),
    new ShapeError(
      "Linear: input [64, 783], weight [10, 784]. The last axis of the input must have size 784.",
    ),
  ],
  [
    () => new nn.Linear(3, 2).forward(tensor(1)),
    new ShapeError("Linear: input [], weight [2, 3]. The last axis of the input must have size 3."),
  ],
  [() => new nn.Linear(0, 2), new RangeError("Linear: inFeatures is 0. Expected a whole number from 1.")],
  [
    () => new nn.Linear(2, 1.5),
    new RangeError("Linear: outFeatures is 1.5. Expected a whole number from 1."),
  ],
  [
    () => new nn.Embedding(5, 2).forward(tensor([[1, 5]])),
    new RangeError(
      "Embedding: an element of the input [1, 2] is 5. With 5 embeddings, expected whole numbers from 0 to 4.",
    ),
  ],
  [
    () => new nn.Embedding(5, 2).forward(tensor([0.5])),
    new RangeError(
      "Embedding: an element of the input [1] is 0.5. With 5 embeddings, expected whole numbers from 0 to 4.",
    ),
  ],
  [
    () => new nn.Embedding(5, 2, { paddingIdx: 5 }),
    new RangeError("Embedding: paddingIdx is 5. With 5 embeddings, expected whole numbers from 0 to 4."),
  ],
  [
    () => new nn.Embedding(5, -2),
    new RangeError("Embedding: embeddingDim is -2. Expected a whole number from 1."),
  ],
  [() => new nn.Dropout(1.5), new RangeError("Dropout: p is 1.5. Expected a probability from 0 to 1.")],
  [() => new nn.Dropout2d(-0.1), new RangeError("Dropout2d: p is -0.1. Expected a probability from 0 to 1.")],
  [
    () => new nn.Dropout2d().forward(zeros([3])),
    new ShapeError("Dropout2d: input [3]. Expected [batch, channels, …]."),
  ],
  [
    () => new nn.BatchNorm1d(3).forward(zeros([4, 2])),
    new ShapeError(
      "BatchNorm1d: input [4, 2]. It has 2 channels, not 3. " +
        "Expected [batch, channels] or [batch, channels, length] with 3 channels.",
    ),
  ],
  [
    () => new nn.BatchNorm2d(3).forward(zeros([4, 3])),
    new ShapeError("BatchNorm2d: input [4, 3]. Expected [batch, channels, height, width] with 3 channels."),
  ],
  [
    () => new nn.BatchNorm1d(3).forward(zeros([1, 3])),
    new ShapeError(
      "BatchNorm1d: input [1, 3] has 1 values per channel. " +
        "Training needs at least 2: of one alone, nothing is left. eval() uses the running statistics.",
    ),
  ],
  [
    () => new nn.BatchNorm2d(0),
    new RangeError("BatchNorm2d: numFeatures is 0. Expected a whole number from 1."),
  ],
  [
    () => new nn.LayerNorm([3, 2]).forward(zeros([4, 2, 3])),
    new ShapeError("LayerNorm: input [4, 2, 3]. Expected its last axes to be [3, 2]."),
  ],
  [
    () => new nn.LayerNorm([3, 2]).forward(zeros([2])),
    new ShapeError("LayerNorm: input [2]. Expected its last axes to be [3, 2]."),
  ],
  [
    () => new nn.LayerNorm([3, 0]),
    new RangeError("LayerNorm: normalizedShape[1] is 0. Expected a whole number from 1."),
  ],
  [() => new nn.GroupNorm(3, 4), new RangeError("GroupNorm: 3 groups do not divide 4 channels.")],
  [
    () => new nn.GroupNorm(2, 4).forward(zeros([4, 6])),
    new ShapeError("GroupNorm: input [4, 6]. Expected [batch, channels, …] with 4 channels."),
  ],
  [
    () => new nn.InstanceNorm1d(2).forward(zeros([4, 2])),
    new ShapeError("InstanceNorm1d: input [4, 2]. Expected [batch, channels, length] with 2 channels."),
  ],
  [
    () => new nn.InstanceNorm2d(2).forward(zeros([4, 3, 2, 2])),
    new ShapeError(
      "InstanceNorm2d: input [4, 3, 2, 2]. Expected [batch, channels, height, width] with 2 channels.",
    ),
  ],
  [
    () => new nn.LocalResponseNorm(5).forward(zeros([4, 3])),
    new ShapeError("LocalResponseNorm: input [4, 3]. Expected [batch, channels, …]."),
  ],
  [
    () => new nn.LocalResponseNorm(0),
    new RangeError("LocalResponseNorm: size is 0. Expected a whole number from 1."),
  ],
  [
    () => new nn.Conv2d(3, 10, 5).forward(zeros([8, 1, 32, 32])),
    new ShapeError(
      "conv2d: input [8, 1, 32, 32] has 1 channels, weight [10, 3, 5, 5] expects 3. " +
        "weight is [outChannels, inChannels / groups, kH, kW].",
    ),
  ],
  [
    () => new nn.Conv2d(3, 4, 3, { groups: 2 }),
    new RangeError("Conv2d: 2 groups do not divide 3 input and 4 output channels."),
  ],
  [
    () => new nn.Conv2d(3, 4, [3]),
    new RangeError("Conv2d: kernelSize is [3]. Expected one number, or height and width."),
  ],
  [() => new nn.Conv1d(3, 4, 0), new RangeError("Conv1d: kernelSize is 0. Expected a whole number from 1.")],
  [
    () => new nn.ConvTranspose2d(4, 3, 3, { groups: 2 }),
    new RangeError("ConvTranspose2d: 2 groups do not divide 4 input and 3 output channels."),
  ],
  [
    () => new nn.Residual(new nn.Linear(3, 2)).forward(zeros([1, 3])),
    new ShapeError(
      "Residual: the branch gives [1, 2], the shortcut [1, 3]. Their shapes must be equal; " +
        "where the branch changes them, the shortcut needs a projection.",
    ),
  ],
  [() => new nn.ResNet(18), new RangeError("ResNet: depth 18 is not 6n + 2. Try 20.")],
  [() => new nn.ResNet(2), new RangeError("ResNet: depth 2 is not 6n + 2. Try 8.")],
  [() => new nn.WideResNet(20, 2), new RangeError("WideResNet: depth 20 is not 6n + 4. Try 22.")],
  [
    () => new nn.WideResNet(10, 0.5),
    new RangeError("WideResNet: widenFactor is 0.5. Expected a whole number from 1."),
  ],
  [
    () => new nn.LeNet5().forward(zeros([2, 1, 32, 32])),
    new ShapeError("LeNet5: input [2, 1, 32, 32]. Expected [batch, 1, 28, 28]."),
  ],
  [
    () => nn.mseLoss(zeros([4, 1]), zeros([4])),
    new ShapeError("mseLoss: input [4, 1], target [4]. Their shapes must be equal."),
  ],
  [
    () => nn.l1Loss(zeros([2]), zeros([3])),
    new ShapeError("l1Loss: input [2], target [3]. Their shapes must be equal."),
  ],
  [
    () => nn.huberLoss(zeros([2]), zeros([3])),
    new ShapeError("huberLoss: input [2], target [3]. Their shapes must be equal."),
  ],
  [
    () => nn.huberLoss(zeros([2]), zeros([2]), { delta: 0 }),
    new RangeError("huberLoss: delta is 0. Expected a number above 0."),
  ],
  [
    () => nn.smoothL1Loss(zeros([2]), zeros([3])),
    new ShapeError("smoothL1Loss: input [2], target [3]. Their shapes must be equal."),
  ],
  [
    () => nn.smoothL1Loss(zeros([2]), zeros([2]), { beta: -1 }),
    new RangeError("smoothL1Loss: beta is -1. Expected a number from 0."),
  ],
  [
    () => nn.binaryCrossEntropy(zeros([2]), zeros([3])),
    new ShapeError("binaryCrossEntropy: input [2], target [3]. Their shapes must be equal."),
  ],
  [
    () => nn.binaryCrossEntropy(tensor([2]), zeros([1])),
    new RangeError(
      "binaryCrossEntropy: an input is 2. Expected probabilities from 0 to 1; " +
        "binaryCrossEntropyWithLogits takes any numbers.",
    ),
  ],
  [
    () => nn.binaryCrossEntropyWithLogits(zeros([2]), zeros([3])),
    new ShapeError("binaryCrossEntropyWithLogits: input [2], target [3]. Their shapes must be equal."),
  ],
  [
    () => nn.crossEntropy(zeros([8, 10]), zeros([7])),
    new ShapeError("crossEntropy: input [8, 10], target [7]. Expected labels [8], or probabilities [8, 10]."),
  ],
  [
    () => nn.crossEntropy(zeros([10]), zeros([])),
    new ShapeError("crossEntropy: input [10]. Expected [batch, classes, …]."),
  ],
  [
    () => nn.crossEntropy(zeros([2, 10]), tensor([3, 10])),
    new RangeError(
      "crossEntropy: label 10 in target [2]. With 10 classes, labels are whole numbers from 0 to 9.",
    ),
  ],
  [
    () => nn.crossEntropy(zeros([2, 10]), zeros([2]), { weight: zeros([2]) }),
    new ShapeError("crossEntropy: weight [2]. Expected a factor per class: [10]."),
  ],
  [
    () => nn.crossEntropy(zeros([2, 10]), zeros([2]), { labelSmoothing: 2 }),
    new RangeError("crossEntropy: labelSmoothing is 2. Expected a number from 0 to 1."),
  ],
  [
    () => nn.nllLoss(zeros([2, 3]), zeros([2, 3])),
    new ShapeError("nllLoss: input [2, 3], target [2, 3]. Expected labels [2]."),
  ],
  [
    () => nn.nllLoss(zeros([2, 3]), tensor([0, -1])),
    new RangeError("nllLoss: label -1 in target [2]. With 3 classes, labels are whole numbers from 0 to 2."),
  ],
  [
    () => nn.nllLoss(zeros([2, 3]), zeros([2]), { weight: zeros([3, 1]) }),
    new ShapeError("nllLoss: weight [3, 1]. Expected a factor per class: [3]."),
  ],
  [
    () => nn.klDiv(zeros([2]), zeros([3])),
    new ShapeError("klDiv: input [2], target [3]. Their shapes must be equal."),
  ],
  [
    () => nn.mseLoss(zeros([2]), zeros([2]), { reduction: "average" as never }),
    new RangeError('reduction is "average". Expected "mean", "sum" or "none".'),
  ],
  [() => nn.clipGradNorm([], -1), new RangeError("clipGradNorm: maxNorm is -1. Expected a number from 0.")],
  [
    () => nn.clipGradNorm([], 1, { normType: 0 }),
    new RangeError("clipGradNorm: normType is 0. Expected a positive number or Infinity."),
  ],
  [
    () => nn.clipGradValue([], NaN),
    new RangeError("clipGradValue: clipValue is NaN. Expected a number from 0."),
  ],
];

test.for(cases.map(([run, error]) => [error.message, run, error] as const))("%s", ([, run, error]) => {
  expect(run).toThrow(error);
  expect(run).toThrow(expect.objectContaining({ name: error.name }));
});
