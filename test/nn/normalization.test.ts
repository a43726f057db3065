import { expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, nn, randn, tensor, zeros } from "../../src/index.js";

const options = { dtype: "float64", generator: new Generator(6) } as const;
const x = randn([3, 4, 5, 2], options).mul(3).add(2);

test("one group is layer normalisation over channels and places", () => {
  const groupNorm = new nn.GroupNorm(1, 4, options);
  const layerNorm = new nn.LayerNorm([4, 5, 2], options);
  expect(groupNorm.forward(x)).toBeAllClose(layerNorm.forward(x), { rtol: 1e-12 });
});

test("as many groups as channels are instance normalisation", () => {
  const groupNorm = new nn.GroupNorm(4, 4, options);
  expect(groupNorm.forward(x)).toBeAllClose(new nn.InstanceNorm2d(4, options).forward(x), { rtol: 1e-12 });
});

test("instance normalisation of a single sample is batch normalisation of it", () => {
  const one = x.slice(0, 1);
  const batchNorm = new nn.BatchNorm2d(4, options);
  expect(new nn.InstanceNorm2d(4, options).forward(one)).toBeAllClose(batchNorm.forward(one), {
    rtol: 1e-12,
  });
});

test("what each layer pools has mean 0 and variance 1 afterwards", () => {
  const pooled: [nn.Module, number[]][] = [
    [new nn.BatchNorm2d(4, { ...options, eps: 0 }), [0, 2, 3]],
    [new nn.LayerNorm([4, 5, 2], { ...options, eps: 0 }), [1, 2, 3]],
    [new nn.InstanceNorm2d(4, { ...options, eps: 0 }), [2, 3]],
  ];
  for (const [layer, axes] of pooled) {
    const y = layer.forward(x);
    expect(y.mean(axes).abs().max().item()).toBeLessThan(1e-14);
    expect(y.variance(axes, { correction: 0 }).sub(1).abs().max().item()).toBeLessThan(1e-13);
  }
});

test("adding to the input or scaling it changes nothing", () => {
  const layer = new nn.LayerNorm(2, { ...options, eps: 0 });
  expect(layer.forward(x.mul(7).add(100))).toBeAllClose(layer.forward(x), { rtol: 1e-9 });
});

test("use does not move the running statistics, training does, by the unbiased variance", () => {
  const layer = new nn.BatchNorm1d(1, { dtype: "float64", momentum: 0.5 });
  const batch = tensor([[1], [5]], { dtype: "float64" });
  layer.eval().forward(batch);
  expect([layer.runningMean!.item(), layer.runningVar!.item(), layer.numBatchesTracked!.item()]).toEqual([
    0, 1, 0,
  ]);
  layer.train().forward(batch);
  // mean 3, unbiased variance 8
  expect([layer.runningMean!.item(), layer.runningVar!.item(), layer.numBatchesTracked!.item()]).toEqual([
    1.5, 4.5, 1,
  ]);
  // (5 − 1.5) / √(4.5 + ε)
  expect(layer.eval().forward(batch)).toBeAllClose([[-0.5 / Math.sqrt(4.50001)], [3.5 / Math.sqrt(4.50001)]]);
});

test("a batch normalisation in use can be folded into the convolution before it", () => {
  const conv = new nn.Conv2d(4, 3, 2, options);
  const norm = new nn.BatchNorm2d(3, options);
  norm.forward(conv.forward(x));
  norm.eval();
  const scale = norm.weight!.div(norm.runningVar!.add(norm.eps).sqrt());
  const folded = new nn.Conv2d(4, 3, 2, options);
  folded.loadStateDict({
    weight: conv.weight.mul(scale.reshape([3, 1, 1, 1])),
    bias: conv.bias!.sub(norm.runningMean!).mul(scale).add(norm.bias!),
  });
  expect(folded.forward(x)).toBeAllClose(norm.forward(conv.forward(x)), { rtol: 1e-10, atol: 1e-12 });
});

test("an empty batch goes through what treats samples apart", () => {
  const layers = [new nn.LayerNorm([4, 2]), new nn.GroupNorm(2, 4), new nn.InstanceNorm1d(4)];
  for (const layer of [...layers, new nn.BatchNorm1d(4).eval()]) {
    expect(layer.forward(zeros([0, 4, 2])).shape).toEqual([0, 4, 2]);
  }
});
