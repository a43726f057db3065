import { describe, expect, test } from "vitest";
import { nn, tensor, type Tensor } from "../../src/index.js";
import { casesOf, expectRecorded, restore, weights, type Recorded } from "./recorded.js";

interface LossCase {
  loss: string;
  options: Record<string, unknown>;
  dtype: "float32" | "float64";
  inputs: Recorded[];
  output: Recorded;
  gradients: (Recorded | null)[];
}

type Loss = (input: Tensor, target: Tensor, options?: object) => Tensor;
const losses: Record<string, [loss: Loss, module: new (options?: object) => nn.Module<[Tensor, Tensor]>]> = {
  mseLoss: [nn.mseLoss, nn.MSELoss],
  l1Loss: [nn.l1Loss, nn.L1Loss],
  huberLoss: [nn.huberLoss, nn.HuberLoss],
  smoothL1Loss: [nn.smoothL1Loss, nn.SmoothL1Loss],
  binaryCrossEntropy: [nn.binaryCrossEntropy, nn.BCELoss],
  binaryCrossEntropyWithLogits: [nn.binaryCrossEntropyWithLogits, nn.BCEWithLogitsLoss],
  crossEntropy: [nn.crossEntropy, nn.CrossEntropyLoss],
  nllLoss: [nn.nllLoss, nn.NLLLoss],
  klDiv: [nn.klDiv, nn.KLDivLoss],
};
const cases = casesOf<LossCase>("losses");

describe("as PyTorch computes it", () => {
  test.for(cases.map((each, i) => [title(each, i), each] as const))("%s", ([, recorded]) => {
    const inputs = recorded.inputs.map(restore) as [Tensor, Tensor];
    inputs.forEach((input, i) => (input.requiresGrad = recorded.gradients[i] !== null));
    const options = Object.fromEntries(
      Object.entries(recorded.options).map(([name, value]) => [
        name,
        Array.isArray(value) ? tensor(value as number[], { dtype: recorded.dtype }) : value,
      ]),
    );
    const [loss, Module] = losses[recorded.loss];

    const output = loss(...inputs, options);
    expectRecorded(output, recorded.output, "loss");
    expectRecorded(new Module(options).forward(...inputs), recorded.output, "loss of the module");
    output.backward({ gradient: weights(output) });
    inputs.forEach((input, i) => {
      const gradient = recorded.gradients[i];
      if (gradient) expectRecorded(input.grad, gradient, `gradient of input ${i}`);
    });
  });

  test("every loss has cases", () => {
    expect(new Set(cases.map(({ loss }) => loss))).toEqual(new Set(Object.keys(losses)));
  });
});

test("an untrained classifier of 10 classes has loss log 10", () => {
  const logits = tensor([new Array<number>(10).fill(0.3), new Array<number>(10).fill(-2)], {
    dtype: "float64",
  });
  expect(nn.crossEntropy(logits, tensor([3, 9]))).toBeAllClose(2.302585092994046, { rtol: 1e-15 });
});

test("the gradient of the cross-entropy is softmax minus target, and adding a constant changes nothing", () => {
  const z = tensor([[1, -2, 0.5]], { dtype: "float64", requiresGrad: true });
  nn.crossEntropy(z, tensor([1])).backward();
  const exps = [1, -2, 0.5].map(Math.exp);
  const total = exps[0] + exps[1] + exps[2];
  expect(z.grad).toBeAllClose([[exps[0] / total, exps[1] / total - 1, exps[2] / total]], { rtol: 1e-14 });
  expect(nn.crossEntropy(z.add(700), tensor([1]))).toBeAllClose(nn.crossEntropy(z, tensor([1])), {
    rtol: 1e-12,
  });
});

test("an infinite loss of an ignored label leaves the others finite", () => {
  const logits = tensor([
    [0, 0],
    [-Infinity, 0],
  ]);
  expect(nn.crossEntropy(logits, tensor([0, 0]), { ignoreIndex: 0 }).item()).toBeNaN();
  expect(nn.nllLoss(logits, tensor([1, -100]))).toBeAllClose(0);
});

test("binary cross-entropy with logits stays finite where probabilities are 0 or 1", () => {
  const z = tensor([800, -800], { dtype: "float64", requiresGrad: true });
  nn.binaryCrossEntropyWithLogits(z, tensor([0, 1]), { reduction: "sum" }).backward();
  expect(nn.binaryCrossEntropyWithLogits(z, tensor([0, 1]), { reduction: "none" })).toBeAllClose([800, 800]);
  expect(z.grad).toBeAllClose([1, -1]);
});

test("labels may be of any dtype of whole numbers", () => {
  const logits = tensor([[2, 1]]);
  const expected = nn.crossEntropy(logits, tensor([1]));
  for (const dtype of ["int32", "float64", "bool"] as const) {
    expect(nn.crossEntropy(logits, tensor([1], { dtype }))).toBeAllClose(expected);
  }
});

function title({ loss, options, dtype, inputs }: LossCase, i: number): string {
  const shapes = inputs.map(({ dtype, shape }) => `${dtype}[${shape.join(", ")}]`).join(", ");
  return `${i} ${loss} of ${shapes}, ${dtype}, ${JSON.stringify(options)}`;
}
