import { zeros } from "../tensor/create.js";
import type { Generator } from "../tensor/random.js";
import type { Shape } from "../tensor/shape.js";
import { uniform } from "./init.js";
import { Parameter } from "./parameter.js";

/** What every layer with parameters can be told. */
export interface LayerOptions {
  /** Source of randomness for the initial parameters; a shared one by default, see `manualSeed`. */
  generator?: Generator | undefined;
  /** Of the parameters; float32 by default. */
  dtype?: "float32" | "float64" | undefined;
}

/** What a layer with weight and bias can be told. */
export interface AffineOptions extends LayerOptions {
  /** Whether there is a bias; true by default. */
  bias?: boolean | undefined;
}

/** A parameter drawn from U(−1/√fanIn, 1/√fanIn), which is how PyTorch's affine layers start. */
export function uniformParameter(
  shape: Shape,
  fanIn: number,
  { dtype = "float32", generator }: LayerOptions,
): Parameter {
  const bound = 1 / Math.sqrt(fanIn);
  return new Parameter(uniform(zeros(shape, { dtype }), -bound, bound, { generator }));
}
