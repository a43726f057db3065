import { indexAt, show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * The gradient of `f` at `x` by central differences: (f(x + h) − f(x − h)) / 2h for each number in `x`.
 *
 * The result has the shape of `x`. `f` returns one number (or a tensor of one element). A tensor is perturbed in
 * float64, whatever its dtype: in float32 almost no correct digits would be left. The error is about
 * h² |f‴|/6 + 10⁻¹⁶ |f|/h, smallest near h = 1e-5, where ten digits are right.
 *
 * @throws TypeError if `f` returns anything but one number.
 * @see Griewank & Walther (2008), Evaluating Derivatives, §1.
 * @example numericalGradient((x) => x ** 2, 3).toFixed(6) // "6.000000"
 * @example numericalGradient(([x, y]) => x * y, [2, 5]).map(Math.round) // [5, 2]
 * @example allClose(numericalGradient((x) => x.mul(x).sum(), tensor([1, -2])), [2, -4]) // true
 */
export function numericalGradient(f: (x: number) => number, x: number, h?: number): number;
export function numericalGradient(f: (x: number[]) => number, x: readonly number[], h?: number): number[];
export function numericalGradient(f: (x: Tensor) => Tensor | number, x: Tensor, h?: number): Tensor;
export function numericalGradient(
  f: (x: never) => Tensor | number,
  x: number | readonly number[] | Tensor,
  h = 1e-5,
): number | number[] | Tensor {
  const at = (point: number | readonly number[] | Tensor, where: string) =>
    oneNumber(f(point as never), where);
  if (typeof x === "number") return central((moved) => at(moved, `x = ${moved}`), x, h);
  if (!(x instanceof Tensor)) {
    return x.map((value, i) => central((moved) => at(x.with(i, moved), `x[${i}] = ${moved}`), value, h));
  }
  const slopes = Float64Array.from(x.data, (value, i) => {
    const moveTo = (moved: number) => {
      const data = Float64Array.from(x.data).with(i, moved);
      return at(new Tensor(data, x.shape, "float64"), `x${show(indexAt(i, x.shape))} = ${moved}`);
    };
    return central(moveTo, value, h);
  });
  return new Tensor(slopes, x.shape, "float64");
}

function central(f: (x: number) => number, x: number, h: number): number {
  return (f(x + h) - f(x - h)) / (2 * h);
}

function oneNumber(result: unknown, where: string): number {
  if (typeof result === "number") return result;
  if (result instanceof Tensor && result.size === 1) return result.item();
  const found = result instanceof Tensor ? `a tensor of shape ${show(result.shape)}` : describe(result);
  throw new TypeError(`numericalGradient: at ${where}, f returned ${found}. Expected one number.`);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return value instanceof Promise ? "a promise" : `a value of type ${typeof value}`;
}
