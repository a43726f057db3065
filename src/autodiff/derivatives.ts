import { add, mul } from "../ops/arithmetic.js";
import { grad, type GradOptions } from "../ops/autograd.js";
import { concat } from "../ops/indexing.js";
import { sum } from "../ops/reduce.js";
import { reshape } from "../ops/shape.js";
import { zeros } from "../tensor/create.js";
import { isFloat } from "../tensor/dtype.js";
import { DTypeError, ShapeError } from "../tensor/errors.js";
import { withGradMode } from "../tensor/grad-mode.js";
import { sameShape, show } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";

// Every derivative here is made of vector–Jacobian products, which is what `grad` computes. The functions are differentiated
// at the numbers the inputs hold; the inputs themselves are left as they are.

type Unary = (x: Tensor) => Tensor;
type Nary = (...xs: Tensor[]) => Tensor;

/**
 * Vector–Jacobian product: the value y of `fn` and vᵀ J, with J the Jacobian at `inputs`. One backward pass.
 *
 * `v` has the shape of y, and may be left out if y is one number. With an array of inputs, there is one product for each.
 *
 * @throws ShapeError if `v` does not have the shape of the result.
 * @throws DTypeError if an input is not of a float dtype.
 * @example vjp((x) => x.mul(x), tensor([1, 2, 3]), tensor([1, 0, 1]))[1].toArray() // [2, 0, 6]
 */
export function vjp(fn: Unary, inputs: Tensor, v?: Tensor): [output: Tensor, product: Tensor];
export function vjp(fn: Nary, inputs: readonly Tensor[], v?: Tensor): [output: Tensor, products: Tensor[]];
export function vjp(
  fn: Nary,
  inputs: Tensor | readonly Tensor[],
  v?: Tensor,
): [output: Tensor, products: Tensor | Tensor[]] {
  const { xs, output } = evaluate("vjp", fn, inputs);
  if (v) checkSame("vjp", "the result", v, output);
  else if (output.size !== 1) {
    throw new ShapeError(`vjp: the function returned ${show(output.shape)}. Pass v of that shape.`);
  }
  return [output.detach(), unwrap(inputs, gradients(output, xs, v ? { gradOutputs: v } : {}))];
}

/**
 * Jacobian–vector product: the value y of `fn` and J v, with J the Jacobian at `inputs`: how much y changes as the inputs move
 * along v. v has the shape of the input; with an array of inputs it is an array, too.
 *
 * Computed in two backward passes: uᵀ J is linear in u, and its derivative with respect to u along v is J v.
 *
 * @throws ShapeError if `v` does not have the shape of the inputs.
 * @throws DTypeError if an input is not of a float dtype.
 * @see Townsend (2017), A new trick for calculating Jacobian vector products.
 * @example jvp((x) => x.mul(x), tensor([1, 2, 3]), tensor([1, 0, 1]))[1].toArray() // [2, 0, 6]
 */
export function jvp(fn: Unary, inputs: Tensor, v: Tensor): [output: Tensor, product: Tensor];
export function jvp(
  fn: Nary,
  inputs: readonly Tensor[],
  v: readonly Tensor[],
): [output: Tensor, product: Tensor];
export function jvp(
  fn: Nary,
  inputs: Tensor | readonly Tensor[],
  v: Tensor | readonly Tensor[],
): [output: Tensor, product: Tensor] {
  const { xs, output } = evaluate("jvp", fn, inputs);
  const directions = directionsFor("jvp", xs, v);
  const u = zeros(output.shape, { dtype: output.dtype, requiresGrad: true });
  const products = gradients(output, xs, { gradOutputs: u, createGraph: true });
  return [output.detach(), gradients(project(products, directions), [u])[0]];
}

/**
 * All partial derivatives of `fn`: with y of shape […out] and x of shape […in], a tensor […out, …in] of ∂y/∂x.
 * One backward pass for each element of y. With an array of inputs, there is one Jacobian for each.
 *
 * @throws DTypeError if an input is not of a float dtype.
 * @example jacobian((x) => x.mul(x), tensor([1, 2])).toArray() // [[2, 0], [0, 4]]
 */
export function jacobian(fn: Unary, inputs: Tensor): Tensor;
export function jacobian(fn: Nary, inputs: readonly Tensor[]): Tensor[];
export function jacobian(fn: Nary, inputs: Tensor | readonly Tensor[]): Tensor | Tensor[] {
  const { xs, output } = evaluate("jacobian", fn, inputs);
  return unwrap(inputs, jacobians(output, xs));
}

/**
 * All second derivatives of a function that returns one number: with x of shape […in], a tensor […in, …in].
 * With an array of inputs, there is one for each pair: `hessian(fn, [x, y])[0][1]` holds ∂²/∂x∂y.
 *
 * @throws ShapeError if `fn` does not return one number.
 * @throws DTypeError if an input is not of a float dtype.
 * @example hessian((x) => x.pow(3).sum(), tensor([1, 2])).toArray() // [[6, 0], [0, 12]]
 */
export function hessian(fn: Unary, inputs: Tensor): Tensor;
export function hessian(fn: Nary, inputs: readonly Tensor[]): Tensor[][];
export function hessian(fn: Nary, inputs: Tensor | readonly Tensor[]): Tensor | Tensor[][] {
  const { xs, output } = evaluate("hessian", fn, inputs);
  checkOneNumber("hessian", output);
  const blocks = gradients(output, xs, { createGraph: true }).map((gradient) => jacobians(gradient, xs));
  return inputs instanceof Tensor ? blocks[0][0] : blocks;
}

/**
 * Hessian–vector product: the value of a function that returns one number, and H v, without building H: the gradient of the
 * gradient's projection on v. With an array of inputs, v is an array, and there is one product for each.
 *
 * @throws ShapeError if `fn` does not return one number, or `v` does not have the shape of the inputs.
 * @throws DTypeError if an input is not of a float dtype.
 * @see Pearlmutter (1994), Fast exact multiplication by the Hessian.
 * @example hvp((x) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 1]))[1].toArray() // [6, 12]
 */
export function hvp(fn: Unary, inputs: Tensor, v: Tensor): [output: Tensor, product: Tensor];
export function hvp(
  fn: Nary,
  inputs: readonly Tensor[],
  v: readonly Tensor[],
): [output: Tensor, products: Tensor[]];
export function hvp(
  fn: Nary,
  inputs: Tensor | readonly Tensor[],
  v: Tensor | readonly Tensor[],
): [output: Tensor, products: Tensor | Tensor[]] {
  const { xs, output } = evaluate("hvp", fn, inputs);
  checkOneNumber("hvp", output);
  const directions = directionsFor("hvp", xs, v);
  const slopes = gradients(output, xs, { createGraph: true });
  return [output.detach(), unwrap(inputs, gradients(project(slopes, directions), xs))];
}

/** `fn` at copies of the inputs that gradients can be asked for. */
function evaluate(
  op: string,
  fn: Nary,
  inputs: Tensor | readonly Tensor[],
): { xs: Tensor[]; output: Tensor } {
  const xs = listOf(inputs).map((input, i) => {
    if (!isFloat(input.dtype)) {
      throw new DTypeError(`${op}: input ${i} is ${input.dtype}. Derivatives need float32 or float64.`);
    }
    const x = input.detach();
    x.requiresGrad = true;
    return x;
  });
  return { xs, output: withGradMode(true, () => fn(...xs)) };
}

/** As {@link grad}, and zeros where the output depends on no input at all. */
function gradients(output: Tensor, xs: readonly Tensor[], options: GradOptions = {}): Tensor[] {
  if (!output.requiresGrad) return xs.map((x) => zeros(x.shape, { dtype: x.dtype }));
  return grad(output, xs, options);
}

/** The Jacobian of `output` with respect to each input, row by row. */
function jacobians(output: Tensor, xs: readonly Tensor[]): Tensor[] {
  const rows = Array.from({ length: output.size }, (_, i) => {
    const unit = zeros(output.shape, { dtype: output.dtype });
    unit.elements[i] = 1;
    return gradients(output, xs, { gradOutputs: unit, retainGraph: true });
  });
  return xs.map((x, i) => {
    const shape = [...output.shape, ...x.shape];
    if (rows.length === 0) return zeros(shape, { dtype: x.dtype });
    return reshape(concat(rows.map((row) => reshape(row[i], [x.size]))), shape);
  });
}

/** Σ gᵢ vᵢ over all inputs, recorded. */
function project(slopes: readonly Tensor[], directions: readonly Tensor[]): Tensor {
  return withGradMode(true, () =>
    slopes.map((slope, i) => sum(mul(slope, directions[i]))).reduce((a, b) => add(a, b)),
  );
}

function directionsFor(op: string, xs: readonly Tensor[], v: Tensor | readonly Tensor[]): readonly Tensor[] {
  const directions = listOf(v);
  if (directions.length !== xs.length) {
    throw new ShapeError(
      `${op}: ${directions.length} tensors v for ${xs.length} inputs. Expected one for each.`,
    );
  }
  directions.forEach((direction, i) => checkSame(op, `input ${i}`, direction, xs[i]));
  return directions;
}

function checkSame(op: string, what: string, v: Tensor, like: Tensor): void {
  if (sameShape(v.shape, like.shape)) return;
  throw new ShapeError(
    `${op}: v is ${show(v.shape)}, ${what} ${show(like.shape)}. Their shapes must be equal.`,
  );
}

function checkOneNumber(op: string, output: Tensor): void {
  if (output.size === 1) return;
  throw new ShapeError(`${op}: the function returned ${show(output.shape)}. Expected one number.`);
}

function listOf(tensors: Tensor | readonly Tensor[]): readonly Tensor[] {
  return tensors instanceof Tensor ? [tensors] : tensors;
}

/** One result for one input, an array for an array. */
function unwrap(inputs: Tensor | readonly Tensor[], results: Tensor[]): Tensor | Tensor[] {
  return inputs instanceof Tensor ? results[0] : results;
}
