import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/**
 * Modules one after the other: f⁽ᴷ⁾ ∘ … ∘ f⁽¹⁾. Their names are their numbers, from 0.
 *
 * @example
 * const mlp = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * mlp.forward(zeros([64, 2])).shape // [64, 1]
 */
export class Sequential extends Module {
  /** The modules, in the order in which they are called. */
  readonly layers: readonly Module[];

  constructor(...layers: Module[]) {
    super();
    this.layers = layers;
  }

  override forward(x: Tensor): Tensor {
    return this.layers.reduce((value, layer) => layer.forward(value), x);
  }

  protected override fields(): Iterable<readonly [string, unknown]> {
    return Object.entries(this.layers);
  }
}
