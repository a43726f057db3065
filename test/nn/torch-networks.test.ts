import { expect, test } from "vitest";
import { noGrad, nn, tensor, type Tensor } from "../../src/index.js";
import { casesOf, expectRecorded, weights, type Recorded } from "./recorded.js";

// What a case holds, and how parameters are filled, stands in scripts/fixtures/make_nn_fixtures.py.
interface NetworkCase {
  network: string;
  args: unknown[];
  names: string[];
  parameters: number;
  shape?: number[];
  output?: Recorded;
  gradients?: Record<string, { sum: number; scale: number }>;
}

const classes = nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>;
const positional: Record<string, number> = { LeNet5: 0, ResNet: 1, WideResNet: 2 };

function build({ network, args }: NetworkCase): nn.Module {
  const options = args[positional[network]] ?? {};
  return new classes[network](...args.slice(0, positional[network]), { ...options, dtype: "float64" });
}

function pattern(
  { shape, size }: { shape: readonly number[]; size: number },
  j: number,
  divisor: number,
): Tensor {
  const numbers = Array.from({ length: size }, (_, i) => (((7 * i + 3 * j) % 11) - 5) / divisor);
  return tensor(numbers, { dtype: "float64" }).reshape(shape);
}

test.for(casesOf<NetworkCase>("networks"))("$network($args) as PyTorch has it", (recorded) => {
  const network = build(recorded);
  expect(Object.keys(network.stateDict())).toEqual(recorded.names);
  expect(network.parameters().reduce((total, { size }) => total + size, 0)).toBe(recorded.parameters);
  const { shape, output, gradients } = recorded;
  if (!shape || !output || !gradients) return;

  network.parameters().forEach((parameter, j) => noGrad(() => parameter.assign(pattern(parameter, j, 20))));
  const size = shape.reduce((a, b) => a * b);
  const logits = network.forward(pattern({ shape, size }, 1, 1));
  expectRecorded(logits, output, "output");
  logits.backward({ gradient: weights(logits) });
  for (const [name, { grad }] of network.namedParameters()) {
    const { sum, scale } = gradients[name];
    const received = grad!.mul(weights(grad!)).sum().item();
    expect(received, name).toBeAllClose(sum, { rtol: 0, atol: 1e-9 * scale + 1e-12 });
  }
});
