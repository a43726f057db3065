import { add, mul, sub } from "../ops/arithmetic.js";
import type { Tensor } from "../tensor/tensor.js";

/** A function of two variables to watch optimizers on. */
export interface Landscape {
  readonly name: string;
  /** The height at a point. */
  value(x: number, y: number): number;
  /** The gradient there, by the formula. */
  gradient(x: number, y: number): [dx: number, dy: number];
  /** The height as a differentiable function of two tensors of one shape. */
  of(x: Tensor, y: Tensor): Tensor;
  /** A good place to start from. */
  readonly start: readonly [x: number, y: number];
  /** Where it is lowest; its height is 0. */
  readonly minimum: readonly [x: number, y: number];
}

/**
 * A straight valley, `condition` times as steep across as along (20 by default): gradient descent that does not overshoot
 * the walls crawls along the floor.
 *
 *     f(x, y) = (x² + condition · y²) / 2
 *
 * @throws RangeError if condition is not positive.
 * @example ravine(20).gradient(1, 1) // [1, 20]
 */
export function ravine(condition = 20): Landscape {
  if (!(condition > 0)) {
    throw new RangeError(`ravine: condition is ${condition}. Expected a positive number.`);
  }
  return {
    name: "ravine",
    value: (x, y) => (x ** 2 + condition * y ** 2) / 2,
    gradient: (x, y) => [x, condition * y],
    of: (x, y) => mul(add(mul(x, x), mul(mul(y, y), condition)), 0.5),
    start: [-4, 1],
    minimum: [0, 0],
  };
}

/**
 * A valley that bends like a parabola; its floor is almost flat.
 *
 *     f(x, y) = (1 − x)² + 100 (y − x²)²
 *
 * @see Rosenbrock (1960), An automatic method for finding the greatest or least value of a function.
 * @example rosenbrock.value(1, 1) // 0
 */
export const rosenbrock: Landscape = {
  name: "Rosenbrock",
  value: (x, y) => (1 - x) ** 2 + 100 * (y - x ** 2) ** 2,
  gradient: (x, y) => [-2 * (1 - x) - 400 * x * (y - x ** 2), 200 * (y - x ** 2)],
  of(x, y) {
    const along = sub(1, x);
    const across = sub(y, mul(x, x));
    return add(mul(along, along), mul(mul(across, across), 100));
  },
  start: [-1.2, 1],
  minimum: [1, 1],
};

/**
 * A plain with steep corners; around the minimum it is a narrow, flat valley.
 *
 *     f(x, y) = (1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²
 *
 * @see Beale (1958), On an iterative method for finding a local minimum of a function of more than one variable.
 * @example beale.value(3, 0.5) // 0
 */
export const beale: Landscape = {
  name: "Beale",
  value: (x, y) => residuals(x, y).reduce((sum, r) => sum + r ** 2, 0),
  gradient(x, y) {
    const [a, b, c] = residuals(x, y);
    return [
      2 * (a * (y - 1) + b * (y ** 2 - 1) + c * (y ** 3 - 1)),
      2 * x * (a + 2 * b * y + 3 * c * y ** 2),
    ];
  },
  of(x, y) {
    const powers = [y, mul(y, y), mul(mul(y, y), y)];
    const squares = powers.map((power, i) => {
      const residual = add(mul(x, sub(power, 1)), bealeTargets[i]);
      return mul(residual, residual);
    });
    return add(add(squares[0], squares[1]), squares[2]);
  },
  start: [1, 1.5],
  minimum: [3, 0.5],
};

const bealeTargets = [1.5, 2.25, 2.625];

function residuals(x: number, y: number): number[] {
  return bealeTargets.map((target, i) => target - x + x * y ** (i + 1));
}
