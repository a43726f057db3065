import { expect } from "vitest";
import type { Tensor } from "../tensor/tensor.js";

type Tester = Parameters<typeof expect.addEqualityTesters>[0][number];

/** Compares tensors by what they show, wherever their elements lie: `expect(x).toEqual(y)`. */
const equalTensors: Tester = function (a: unknown, b: unknown, testers) {
  if (!isTensor(a) || !isTensor(b)) return undefined;
  return this.equals(shown(a), shown(b), testers);
};

expect.addEqualityTesters([equalTensors]);

function shown({ data, shape, dtype, requiresGrad, grad, history, label }: Tensor) {
  return { data, shape, dtype, requiresGrad, grad, history, label };
}

// by its fields: what is tested may be of another copy of the library
function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "storage" in value && "dtype" in value;
}
