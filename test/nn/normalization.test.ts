import fc from "fast-check";
import { expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, nn, randn, tensor, zeros } from "../../src/index.js";

const options = { dtype: "float64", generator: new Generator(6) } as const;
const x = randn([3, 4, 5, 2], options).mul(3).add(2);

/** Images of any small size, and into how many groups their channels fall. */
const grouped = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
    perGroup: fc.integer({ min: 1, max: 3 }),
    places: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 2 }),
    seed: fc.nat(1000),
  })
  .map(({ batch, groups, perGroup, places, seed }) => {
    const shape = [batch, groups * perGroup, ...places];
    const input = randn(shape, { dtype: "float64", generator: new Generator(seed) });
    return { groups, channels: groups * perGroup, input: input.mul(3).add(2) };
  });
const close = { rtol: 1e-9, atol: 1e-12 };

test("one group is layer normalisation over channels and places", () => {
  fc.assert(
    fc.property(grouped, ({ channels, input }) => {
      const groupNorm = new nn.GroupNorm(1, channels, options);
      const layerNorm = new nn.LayerNorm(input.shape.slice(1), options);
      expect(groupNorm.forward(input)).toBeAllClose(layerNorm.forward(input), close);
    }),
  );
});

test("as many groups as channels are instance normalisation", () => {
  fc.assert(
    fc.property(grouped, ({ channels, input }) => {
      const groupNorm = new nn.GroupNorm(channels, channels, options);
      const instanceNorm = new nn.InstanceNorm2d(channels, options);
      expect(groupNorm.forward(input)).toBeAllClose(instanceNorm.forward(input), close);
    }),
  );
});

test("groups are samples of their own", () => {
  fc.assert(
    fc.property(grouped, ({ groups, channels, input }) => {
      const [batch, , ...places] = input.shape;
      const apart = input.reshape([batch * groups, channels / groups, ...places]);
      const layerNorm = new nn.LayerNorm(apart.shape.slice(1), options);
      const groupNorm = new nn.GroupNorm(groups, channels, options);
      expect(groupNorm.forward(input)).toBeAllClose(layerNorm.forward(apart).reshape(input.shape), close);
    }),
  );
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
