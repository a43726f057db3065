import { flatten } from "../ops/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/**
 * Joins the axes from `start` to `end`, both included: by default all but the first, which counts the samples.
 *
 * @throws ShapeError if an axis does not exist.
 * @example new nn.Flatten().forward(zeros([8, 3, 4, 4])).shape // [8, 48]
 */
export class Flatten extends Module {
  readonly start: number;
  readonly end: number;

  constructor(start = 1, end = -1) {
    super();
    this.start = start;
    this.end = end;
  }

  override forward(x: Tensor): Tensor {
    return flatten(x, this.start, this.end);
  }
}
