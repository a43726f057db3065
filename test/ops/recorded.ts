import { expect } from "vitest";
import "../../src/testing/matchers.js";
import { grad, tensor, type DType, type Tensor } from "../../src/index.js";
import * as ops from "../../src/ops/index.js";

// Calls that scripts/fixtures/torch_operations.py recorded, which says what a case holds.
export interface Recorded {
  dtype: DType;
  shape: number[];
  data: (number | boolean | "NaN" | "Infinity" | "-Infinity")[];
}
export interface Call {
  op: keyof typeof ops;
  inputs: Recorded[];
  args: unknown[];
}
export interface Results {
  output: Recorded;
  gradients?: Recorded[];
  second?: Recorded[];
}

/** Does what the script did, and compares output, gradients, and gradients of gradients. */
export function expectResults(recorded: Call & Results): void {
  const inputs = recorded.inputs.map(restore);
  const leaves = inputs.filter(({ dtype }) => dtype.startsWith("float"));
  for (const leaf of leaves) leaf.requiresGrad = true;

  const output = call(recorded.op, inputs, recorded.args);
  expectRecorded(output, recorded.output);
  expect(output.requiresGrad).toBe(recorded.gradients !== undefined);
  if (!recorded.gradients) return;

  const gradients = grad(output, leaves, { gradOutputs: weights(output, 0), createGraph: true });
  gradients.forEach((gradient, i) => expectRecorded(gradient, recorded.gradients![i]));
  if (!recorded.second) return;

  const total = gradients
    .map((gradient, i) => gradient.mul(weights(gradient, i + 1)).sum())
    .reduce((a, b) => a.add(b));
  // piecewise linear operations leave a constant, whose gradient PyTorch writes as zeros
  const seconds = total.requiresGrad ? grad(total, leaves) : leaves.map((leaf) => leaf.detach().mul(0));
  seconds.forEach((second, i) => expectRecorded(second, recorded.second![i]));
}

/** The arguments in the order of this library; several results are joined as in the script. */
export function call(op: keyof typeof ops, inputs: Tensor[], args: unknown[]): Tensor {
  const apply = ops[op] as (...args: unknown[]) => Tensor | Tensor[];
  const arranged = arrangements[op]?.(inputs, args) ?? [...inputs, ...args];
  const result = apply(...arranged);
  return Array.isArray(result) ? ops.concat(result.map((piece) => piece.reshape([-1]))) : result;
}

const arrangements: { [K in keyof typeof ops]?: (inputs: Tensor[], args: unknown[]) => unknown[] } = {
  concat: (inputs, args) => [inputs, ...args],
  stack: (inputs, args) => [inputs, ...args],
  gather: ([x, index], args) => [x, ...args, index],
  einsum: (inputs, [equation]) => [equation, ...inputs],
  conv1d: withBias,
  conv2d: withBias,
  convTranspose2d: withBias,
  index: ([x], [indices]) => [x, (indices as unknown[]).map(asIndex)],
};

/** In the script the bias is an input, here an option. */
function withBias([x, weight, bias]: Tensor[], [options]: unknown[]): unknown[] {
  return [x, weight, bias ? { ...(options as object), bias } : options];
}

/** JSON has nested lists where the library takes a tensor. */
function asIndex(given: unknown): unknown {
  return Array.isArray(given) && Array.isArray(given[0]) ? tensor(given as number[][]) : given;
}

export function restore({ dtype, shape, data }: Recorded): Tensor {
  return tensor(data.map(Number), { dtype }).reshape(shape);
}

/** The same weights as in the script. */
function weights({ shape, size, dtype }: Tensor, seed: number): Tensor {
  const numbers = Array.from({ length: size }, (_, i) => (((7 * i + 3 * seed + 2) % 11) - 5) / 4);
  return tensor(numbers, { dtype }).reshape(shape);
}

export function expectRecorded(received: Tensor, expected: Recorded): void {
  expect(received.dtype).toBe(expected.dtype);
  expect(received.shape).toEqual(expected.shape);
  const double = expected.dtype === "float64";
  // NaN is close to nothing: where PyTorch has one, so must this library, and both are then set to 0.
  const numbers = expected.data.map(Number);
  expect(Array.from(received.data, Number.isNaN)).toEqual(numbers.map(Number.isNaN));
  const finite = numbers.map((value) => (Number.isNaN(value) ? 0 : value));
  // PyTorch sums float32 in float32: where large terms cancel, its error is relative to them, not to what is left.
  const largest = Math.max(1, ...finite.filter(Number.isFinite).map(Math.abs));
  const tolerance = double ? { rtol: 1e-9, atol: 1e-14 } : { rtol: 1e-5, atol: 1e-7 * largest };
  expect(Array.from(received.data, (value) => (Number.isNaN(value) ? 0 : value))).toBeAllClose(
    finite,
    tolerance,
  );
}
