import { Generator, rand, tensor, type Shape, type Tensor } from "../../../src/index.js";
import type * as ops from "../../../src/ops/index.js";

export interface Case {
  fn: (...inputs: Tensor[]) => Tensor;
  inputs: Tensor[];
}

/** One row per operation: what to check, or, if it has no derivative, a use of it. A forgotten operation does not compile. */
export type Table = {
  [K in keyof typeof ops]: (typeof ops)[K] extends { differentiable: true }
    ? [Case, ...Case[]]
    : (x: Tensor) => Tensor;
};

const generator = new Generator(3);
/** Numbers between `low` and `high`. */
export function between(low: number, high: number, shape: Shape = [2, 3]): Tensor {
  return rand(shape, { dtype: "float64", generator })
    .mul(high - low)
    .add(low);
}
/** Numbers of either sign, all different and at least 0.1 apart and away from 0: no kink or tie is near. */
export function spread(shape: Shape = [2, 3]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from(
    { length: size },
    (_, i) => ((i % 2 ? -1 : 1) * (((i * 5) % 11) + 2)) / 10 + i / 100,
  );
  return tensor(values, { dtype: "float64" }).reshape(shape);
}
