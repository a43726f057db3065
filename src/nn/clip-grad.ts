import { mul } from "../ops/arithmetic.js";
import { clamp } from "../ops/piecewise.js";
import { largestSize, sumOfPowers } from "../ops/engine/sizes.js";
import { noGrad } from "../tensor/grad-mode.js";
import type { Tensor } from "../tensor/tensor.js";

/** Which norm {@link clipGradNorm} measures. */
export interface ClipGradNormOptions {
  /** Exponent p of the norm: 2 by default, Infinity for the largest size. */
  normType?: number;
}

/**
 * Shortens the gradients of all parameters, taken as one long vector g, to length `maxNorm` if they are longer:
 * g ← g · min(1, maxNorm / (‖g‖ + 10⁻⁶)). Returns the length ‖g‖ that they had.
 *
 * @throws RangeError if maxNorm is negative, or normType not positive.
 * @see Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks.
 * @example
 * const x = tensor([3, 4], { requiresGrad: true });
 * x.mul(x).sum().backward();
 * [nn.clipGradNorm([x], 1), Math.round(x.grad!.norm().item() * 1000)] // [10, 1000]
 */
export function clipGradNorm(
  parameters: Iterable<Tensor>,
  maxNorm: number,
  { normType = 2 }: ClipGradNormOptions = {},
): number {
  if (!(maxNorm >= 0)) throw new RangeError(`clipGradNorm: maxNorm is ${maxNorm}. Expected a number from 0.`);
  if (!(normType > 0)) {
    throw new RangeError(`clipGradNorm: normType is ${normType}. Expected a positive number or Infinity.`);
  }
  const learned = withGradients(parameters);
  const norm = totalNorm(learned, normType);
  const factor = maxNorm / (norm + 1e-6);
  if (factor < 1) replaceGradients(learned, (gradient) => mul(gradient, factor));
  return norm;
}

/**
 * Clips every element of the gradients of all parameters to [−clipValue, clipValue].
 *
 * @throws RangeError if clipValue is negative.
 * @example
 * const x = tensor([-3, 0.25], { requiresGrad: true });
 * x.mul(x).sum().backward();
 * nn.clipGradValue([x], 1);
 * x.grad!.toArray() // [-1, 0.5]
 */
export function clipGradValue(parameters: Iterable<Tensor>, clipValue: number): void {
  if (!(clipValue >= 0)) {
    throw new RangeError(`clipGradValue: clipValue is ${clipValue}. Expected a number from 0.`);
  }
  replaceGradients(withGradients(parameters), (gradient) => clamp(gradient, -clipValue, clipValue));
}

/** The gradients that there are; not read through `grad`, so that they count as unseen. */
function withGradients(parameters: Iterable<Tensor>): Tensor[] {
  return [...parameters].filter(({ gradient }) => gradient !== null);
}

function replaceGradients(parameters: readonly Tensor[], change: (gradient: Tensor) => Tensor): void {
  noGrad(() => {
    for (const parameter of parameters) parameter.grad = change(parameter.gradient!);
  });
}

/** The norm of all gradients as one vector. Relative to the largest, so that no power leaves the range of the numbers. */
function totalNorm(parameters: readonly Tensor[], p: number): number {
  const gradients = parameters.map(({ gradient }) => gradient!);
  let largest = 0;
  for (const gradient of gradients) {
    const size = largestSize(gradient);
    // NaN is larger than nothing: it must not get lost
    if (!(size <= largest)) largest = size;
  }
  if (largest === 0 || !Number.isFinite(largest) || p === Infinity) return largest;
  let total = 0;
  for (const gradient of gradients) total += sumOfPowers(gradient, p, largest);
  return largest * total ** (1 / p);
}
