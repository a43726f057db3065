import { expect, test } from "vitest";
import "../../src/testing/matchers.js";
import { Generator, nn, randn } from "../../src/index.js";

const options = { dtype: "float64", generator: new Generator(8) } as const;

test("a branch of zeros makes the block its shortcut, with gradient 1", () => {
  const linear = new nn.Linear(3, 3, options);
  linear.apply((module) => module.parameters().forEach((parameter) => nn.init.zeros(parameter)));
  const x = randn([2, 3], { ...options, requiresGrad: true });
  const y = new nn.Residual(linear).forward(x);
  expect(y).toBeAllClose(x);
  y.sum().backward();
  expect(x.grad).toBeAllClose([
    [1, 1, 1],
    [1, 1, 1],
  ]);
});

test.for([nn.BasicBlock, nn.PreActivationBlock])("%s with zeroInit starts as the identity", (Block) => {
  // of positive numbers, which the relu at the end of a basic block lets pass
  const x = randn([2, 4, 3, 3], options).abs();
  expect(new Block(4, 4, { ...options, zeroInit: true }).forward(x)).toBeAllClose(x);
});

test("a projection takes the place of the input where shapes change", () => {
  const block = new nn.Residual(
    new nn.Linear(3, 2, options),
    new nn.Linear(3, 2, { ...options, bias: false }),
  );
  const x = randn([4, 3], options);
  const expected = block.shortcut!.forward(x).add(block.branch.forward(x));
  expect(block.forward(x)).toBeAllClose(expected);
});

test("dropout in a wide residual network acts in training only", () => {
  const network = new nn.WideResNet(10, 1, { ...options, dropout: 0.5, inChannels: 1 });
  const x = randn([2, 1, 4, 4], options);
  const [first, second] = [network.forward(x), network.forward(x)];
  expect(first.sub(second).abs().max().item()).toBeGreaterThan(1e-6);
  network.eval();
  expect(network.forward(x)).toBeAllClose(network.forward(x));
});

test("the same generator builds the same network", () => {
  const build = () => new nn.ResNet(8, { width: 2, generator: new Generator(5) }).stateDict();
  expect(build()).toEqual(build());
});
